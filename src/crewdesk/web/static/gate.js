// A gate: warns before what is typed is lost, and keeps it over a reload. Deciding works without this file.
"use strict";

(() => {
  const form = document.getElementById("work");
  const fields = document.getElementById("fields");
  const sha = form.elements.sha;
  const room = `crewdesk:${form.dataset.person}:${form.dataset.gate}`;
  const CONTROLS = "input:not([type=hidden]), textarea, select";
  const typedInto = () => [...form.querySelectorAll(CONTROLS)];
  const isEdit = (control) => /^(f|keep)\//.test(control.name);
  const key = (control) => (control.type === "checkbox" ? `${control.name}=${control.value}` : control.name);
  const value = (control) => (control.type === "checkbox" ? control.checked : control.value);
  const before = (control) => {
    if (control.type === "checkbox") return control.defaultChecked;
    if (control.tagName === "SELECT") return ([...control.options].find((one) => one.defaultSelected) || control.options[0]).value;
    return control.defaultValue;
  };
  const put = (control, kept) => { if (control.type === "checkbox") control.checked = kept; else control.value = kept; };
  const changed = () => typedInto().filter((control) => value(control) !== before(control));

  // A browser may forbid keeping things, or have no room; then the warning on leaving is what is left.
  const store = {
    read() { try { return JSON.parse(localStorage.getItem(room)); } catch { return null; } },
    write(kept) { try { localStorage.setItem(room, JSON.stringify(kept)); } catch { /* see above */ } },
    drop() { try { localStorage.removeItem(room); } catch { /* see above */ } },
  };

  // --- What a person opens gets the cursor, and what opens by itself does not; a link may open something, too; a marked
  // sentence leads to why it is marked.
  let asked = null;
  for (const details of document.querySelectorAll("details:has(> summary[data-key])")) {
    details.addEventListener("toggle", () => {
      if (details.open && details === asked) details.querySelector(CONTROLS)?.focus();
      asked = null;
    });
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    asked = opener ? document.getElementById(opener.dataset.opens) : event.target.closest("summary[data-key]")?.parentElement;
    if (opener) asked.open = true;
    const flag = event.target.closest("mark.flag");
    if (flag) document.getElementById(flag.dataset.claim)?.scrollIntoView({ block: "center" });
  });

  if (!sha) { store.drop(); return; }  // decided, or not theirs to decide

  // --- Edits that are not saved.
  // As the checks count them: where no spaces part words, two signs are one.
  const many = (text, what) => (text.match(what) || []).length;
  const isUnspaced = (text) => many(text, /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]/g) > 0.2 * many(text, /[\p{L}\p{N}_]/gu);
  const words = (text) => (isUnspaced(text) ? Math.ceil([...text].length / 2) : many(text, /\S+/g));
  const cameBack = form.hasAttribute("data-dirty");
  const isEdited = () => cameBack || changed().some(isEdit);
  const approve = document.getElementById("approve");
  const saveAndApprove = document.getElementById("save-approve");
  let leaving = false;

  function show() {
    const edited = isEdited();
    document.getElementById("unsaved").hidden = !edited;
    if (approve && saveAndApprove) {
      approve.hidden = approve.disabled = edited;
      saveAndApprove.hidden = !edited;
    }
    for (const counter of document.querySelectorAll("[data-counts]")) {
      const length = [...document.getElementById(counter.dataset.counts).value].length;
      counter.textContent = `${length}/${counter.dataset.longest}`;
      counter.classList.toggle("over", length > Number(counter.dataset.longest));
    }
    for (const counter of document.querySelectorAll("[data-words]")) {
      const number = words(document.getElementById(counter.dataset.words).value);
      counter.textContent = `${number} word${number === 1 ? "" : "s"}`;
    }
  }
  function keep() {
    const typed = changed();
    if (typed.length) store.write({ sha: sha.value, typed: typed.map((control) => [key(control), value(control), isEdit(control)]) });
    else store.drop();
    show();
  }
  function restore() {
    const kept = store.read();
    if (!kept) return;
    // What was just saved is in the page by now, and so is what came back with an error.
    const typed = new Map(kept.typed.filter(([, , edit]) => !edit || !(cameBack || form.hasAttribute("data-settled"))).map(([name, text]) => [name, text]));
    for (const control of typedInto()) {
      if (!typed.has(key(control))) continue;
      put(control, typed.get(key(control)));
      const folded = control.closest("details");
      if (folded) folded.open = true;
    }
    if (!cameBack && changed().some(isEdit)) {
      sha.value = kept.sha;  // what it was typed over: if that was replaced meanwhile, saving says so
      document.getElementById("restored").hidden = false;
      htmx.trigger(fields, "input");
    }
    keep();
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-discard]")) return;
    event.preventDefault();
    leaving = true;
    store.drop();
    location.assign(form.getAttribute("action"));
  });
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => { leaving = true; });
  // What has a form of its own takes along whatever else is typed, so that it comes back.
  for (const own of document.querySelectorAll("form[data-own]")) {
    own.addEventListener("submit", () => { leaving = true; });
    own.addEventListener("formdata", ({ formData }) => {
      const names = new Set(formData.keys());
      for (const [name, text] of new FormData(form)) if (!names.has(name)) formData.append(name, text);
    });
  }
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if (!leaving && (cameBack || changed().length)) event.preventDefault(); });
  document.addEventListener("htmx:afterSwap", () => {
    const check = document.getElementById("check");
    if (check) check.tabIndex = check.scrollHeight > check.clientHeight ? 0 : -1;  // what scrolls can be scrolled by keys
    const wrong = new Set([...document.querySelectorAll("[data-wrong]")].map((item) => item.dataset.wrong));
    for (const control of typedInto()) {
      if (wrong.has(control.name)) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  });
  restore();
  show();
  if (location.hash) form.querySelector("[autofocus]")?.focus();  // a browser leaves it out where an address leads into the page
  // So that a reload does not take what is typed from here on for what was saved.
  if (form.hasAttribute("data-settled")) history.replaceState(null, "", form.getAttribute("action"));
})();
