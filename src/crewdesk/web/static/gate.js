// A gate: warns before unsaved edits are lost, and keeps them over a reload. Deciding works without this file.
"use strict";

(() => {
  const form = document.getElementById("work");
  const fields = document.getElementById("fields");
  const room = `crewdesk:${form.dataset.person}:${form.dataset.gate}`;
  const sha = form.elements.sha;
  const all = () => [...fields.querySelectorAll("input:not([type=hidden]), textarea, select")];
  const key = (field) => (field.type === "checkbox" ? `${field.name}=${field.value}` : field.name);
  const value = (field) => (field.type === "checkbox" ? field.checked : field.value);
  const before = (field) => {
    if (field.type === "checkbox") return field.defaultChecked;
    if (field.tagName === "SELECT") return ([...field.options].find((one) => one.defaultSelected) || field.options[0]).value;
    return field.defaultValue;
  };
  const put = (field, kept) => { if (field.type === "checkbox") field.checked = kept; else field.value = kept; };
  let leaving = false;

  // --- What a summary opens, gets the cursor; a link may open one, too.
  for (const details of document.querySelectorAll("details")) {
    details.addEventListener("toggle", () => {
      if (details.open && details.querySelector("summary[data-key]")) details.querySelector("textarea, input:not([type=hidden]), select")?.focus();
    });
  }
  for (const link of document.querySelectorAll("[data-opens]")) {
    link.addEventListener("click", () => { document.getElementById(link.dataset.opens).open = true; });
  }
  document.addEventListener("click", (event) => {
    const flag = event.target.closest("mark.flag");
    if (flag) document.getElementById(flag.dataset.claim)?.scrollIntoView({ block: "center" });
  });

  // --- Unsaved edits.
  if (form.hasAttribute("data-settled") || !fields) {
    try { localStorage.removeItem(room); } catch { /* a browser that keeps nothing has nothing to forget */ }
  }
  if (!fields) return;

  const typedBefore = form.hasAttribute("data-dirty");
  const isDirty = () => typedBefore || all().some((field) => value(field) !== before(field));
  const approve = form.querySelector("button[value=approve]");
  const unsaved = document.getElementById("unsaved");
  function note() {
    const dirty = isDirty();
    if (approve) {
      approve.disabled = approve.hidden = dirty;
      document.getElementById("save-approve").hidden = !dirty;
    }
    if (unsaved) unsaved.hidden = !dirty;
    for (const counter of fields.querySelectorAll("[data-counts]")) {
      const length = [...document.getElementById(counter.dataset.counts).value].length;
      counter.textContent = `${length}/${counter.dataset.longest}`;
      counter.classList.toggle("over", length > Number(counter.dataset.longest));
    }
    return dirty;
  }
  function keep() {
    try {
      if (!note()) localStorage.removeItem(room);
      else localStorage.setItem(room, JSON.stringify({ sha: sha.value, typed: all().map((field) => [key(field), value(field)]) }));
    } catch { /* full, or forbidden: the warning on leaving is left */ }
  }
  function restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(room)); } catch { /* not ours */ }
    if (!kept || typedBefore) return;
    const typed = new Map(kept.typed);
    for (const field of all()) if (typed.has(key(field))) put(field, typed.get(key(field)));
    if (!note()) return;
    sha.value = kept.sha;  // what it was typed over: if that was replaced meanwhile, saving says so
    document.getElementById("edit").open = true;
    document.getElementById("restored").hidden = false;
    htmx.trigger(fields, "input");
  }
  for (const discard of document.querySelectorAll("[data-discard]")) {
    discard.addEventListener("click", (event) => {
      event.preventDefault();
      leaving = true;
      try { localStorage.removeItem(room); } catch { /* nothing was kept */ }
      location.assign(form.getAttribute("action"));
    });
  }
  fields.addEventListener("input", keep);
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if (!leaving && isDirty()) event.preventDefault(); });
  document.addEventListener("htmx:afterSwap", () => {
    const wrong = new Set([...document.querySelectorAll("[data-wrong]")].map((item) => item.dataset.wrong));
    for (const field of all()) {
      if (wrong.has(field.name)) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  });
  restore();
  note();
})();
