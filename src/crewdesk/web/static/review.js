// A review at its gate: counts what is kept, keeps many at once, and brings the card under the keys into sight.
"use strict";

(() => {
  const form = document.getElementById("work");
  const tools = document.getElementById("keep-tools");
  const posts = document.getElementById("posts");
  const picks = (list) => [...form.querySelectorAll(`[data-list="${list}"]`)];
  const kept = (several) => several.filter((box) => box.checked).length;
  const chips = tools ? [...tools.querySelectorAll("[data-of]")] : [];
  const chosenBy = (chip) => picks("findings").filter((box) => box.dataset[chip.dataset.of] === chip.dataset.is);

  function words(several) {
    if (!several.length) return "Post the summary";
    return kept(several) ? `Post ${kept(several)} of ${several.length}` : `Post the summary, none of ${several.length}`;
  }
  function show() {
    const findings = picks("findings");
    if (posts) posts.textContent = words(findings);
    for (const place of form.querySelectorAll("[data-kept]")) {
      const several = picks(place.dataset.kept);
      place.textContent = several.length ? `posts ${kept(several)} of ${several.length}` : "";
    }
    for (const chip of chips) {
      const several = chosenBy(chip), number = kept(several);
      chip.setAttribute("aria-pressed", number === several.length ? "true" : number ? "mixed" : "false");
    }
  }
  function keep(several, on) {
    for (const box of several) box.checked = on;
    form.dispatchEvent(new Event("input", { bubbles: true }));  // so that it is kept over a reload, too
  }
  if (tools) {
    tools.hidden = false;
    tools.addEventListener("click", ({ target }) => {
      const chip = target.closest("button");
      if (!chip) return;
      if (chip.dataset.all) keep(picks("findings"), chip.dataset.all === "1");
      else keep(chosenBy(chip), chip.getAttribute("aria-pressed") !== "true");
    });
  }
  form.addEventListener("input", show);
  form.addEventListener("focusin", ({ target }) => {
    if (!target.matches("[data-list]:focus-visible")) return;  // not under a mouse that goes down
    const card = target.closest(".pick");
    card.scrollIntoView({ block: card.offsetHeight < window.innerHeight * 0.7 ? "nearest" : "start" });
  });
  for (const details of form.querySelectorAll(".mend")) {
    details.addEventListener("toggle", () => { if (details.open && details.contains(document.activeElement)) details.scrollIntoView({ block: "nearest" }); });
  }
  show();
})();
