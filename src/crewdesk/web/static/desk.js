// Progressive: every page works without this file. It listens for changes, gives keys, and keeps what was typed.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// --- Live: one connection a visible page; a hidden one lets go, for a browser has only six of them. Whoever begins to
// listen, or does so again after the connection was lost, is told at once how things stand.
const live = document.body.dataset.live;
let source = null;
function listen() {
  if (!live || source || document.hidden || !window.EventSource) return;
  source = new EventSource(`/live/${encodeURIComponent(live)}`);
  source.addEventListener("changed", tell);
}
// What changes while a part is being fetched is asked for again afterwards: that part is another one by then, and htmx
// forgets what it had in line for the old one.
let asking = 0, again = false;
function tell() {
  again = asking > 0;
  if (!again) htmx.trigger(document.body, "live");
}
document.addEventListener("htmx:beforeRequest", () => { asking += 1; });
document.addEventListener("htmx:afterRequest", () => {
  asking -= 1;
  if (again && !asking) setTimeout(tell, 100);  // by then what came is in its place
});
function hush() {
  if (source) source.close();
  source = null;
}
document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
window.addEventListener("pagehide", hush);
window.addEventListener("pageshow", listen);
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.token;
  if (token) event.detail.headers["X-Form-Token"] = token;
});
listen();

// --- Keys: a page marks what a key does with data-key; j and k walk through what is marked data-row. What is marked
// within a part with data-keys counts only while the focus is there, and then before what the page has for that key.
function typing(element) {
  return element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
}
function marked(key, from) {
  const selector = `[data-key="${CSS.escape(key)}"]:not(:disabled)`;
  const part = from.closest("[data-keys]");
  return (part && $(selector, part)) || $$(selector).find((one) => !one.closest("[data-keys]"));
}
function rowAround(element) {
  const part = element.closest("[data-keys]");
  return (part && $("[data-row]", part)) || element;
}
function walk(step) {
  const rows = $$("[data-row]");
  if (!rows.length) return;
  const at = rows.indexOf(rowAround(document.activeElement));
  rows[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step, 0), rows.length - 1)].focus();
}
// A key that decides counts only where it comes alone: words typed to nowhere must not approve anything.
const ALONE = 400, QUIET = 1000, NOTED = 5000;  // milliseconds
const DONE = { a: "approved", e: "edited", r: "sent back", x: "rejected" };
const decides = (control) => control.matches("button") && control.type === "submit";
const said = document.createElement("p");
said.className = "said";
said.setAttribute("role", "status");
document.body.append(said);
let lastKey = -Infinity, quietUntil = -Infinity, deciding = 0, noted = 0;

function decideSoon(control) {
  deciding = setTimeout(() => { if (!control.disabled && !$("dialog[open]")) control.click(); }, ALONE);
}
function noteNothing(key) {
  quietUntil = lastKey + QUIET;
  if (key in DONE) tellShortly(`Nothing here is ${DONE[key]} with ${key}.`);
}
function tellAgain(key) {
  tellShortly(`That came in the midst of other keys. Press ${key} once more.`);
}
function tellShortly(words) {
  said.textContent = words;
  clearTimeout(noted);
  noted = setTimeout(() => { said.textContent = ""; }, NOTED);
}
document.addEventListener("pointerdown", () => clearTimeout(deciding));
document.addEventListener("keydown", (event) => {
  clearTimeout(deciding);
  const isPrintable = event.key.length === 1;
  const isAlone = event.timeStamp - lastKey >= ALONE && event.timeStamp >= quietUntil;
  if (isPrintable) lastKey = event.timeStamp;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const dialog = $("dialog[open]");
  if (event.key === "Escape" && typing(event.target)) {
    const row = rowAround(event.target);
    event.target.blur();
    if (row !== event.target) row.focus();
    return;
  }
  if (typing(event.target) || dialog) return;
  const meant = marked(event.key, event.target);
  if (meant) {
    event.preventDefault();
    if (decides(meant)) { if (isAlone) decideSoon(meant); else tellAgain(event.key); }
    else if (meant.matches("input:not([type=checkbox]), textarea, select")) meant.focus();
    else meant.click();
    // At once: what is typed next belongs to the field, and must not be taken for keys.
    if (meant.matches("details[open] > summary")) $("textarea, input:not([type=hidden]), select", meant.parentElement)?.focus();
  } else if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    walk(event.key === "j" ? 1 : -1);
  } else if (event.key === "?") {
    $("#keys")?.showModal();
  } else if (isPrintable && event.key !== " ") {
    noteNothing(event.key);
  }
});
