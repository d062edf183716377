"use strict";
// Keeps the figures fresh: fetches the changing part every two seconds and changes only what
// differs, so that focus, selection and scrolling stay. Pauses by the button and in the background.
const EVERY_MS = 2000;
const PATIENCE_MS = 5000;
const live = document.getElementById("live");
const pause = document.getElementById("pause");
const status = document.getElementById("status");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let told = tellable();

function tellable() {
  const place = live.querySelector("[data-told]");
  return place ? place.dataset.told : "";
}

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

function follow(shown, wanted) {
  if (shown.isEqualNode(wanted)) return;
  if (shown.nodeName !== wanted.nodeName) {
    shown.replaceWith(document.importNode(wanted, true));
    return;
  }
  if (shown.nodeType === Node.TEXT_NODE) {
    shown.nodeValue = wanted.nodeValue;
    const cell = shown.parentElement;
    if (!calm.matches && cell.matches("td")) cell.animate({ opacity: [0.35, 1] }, 500);
    return;
  }
  followAttributes(shown, wanted);
  followChildren(shown, wanted);
}

function followAttributes(shown, wanted) {
  for (const name of shown.getAttributeNames())
    if (!wanted.hasAttribute(name)) shown.removeAttribute(name);
  for (const name of wanted.getAttributeNames())
    if (shown.getAttribute(name) !== wanted.getAttribute(name))
      shown.setAttribute(name, wanted.getAttribute(name));
}

function parts(node) {
  return [...node.childNodes].filter(
    (child) => child.nodeType !== Node.TEXT_NODE || child.nodeValue.trim() !== "",
  );
}

function followChildren(shown, wanted) {
  const before = parts(shown);
  const after = parts(wanted);
  after.forEach((child, place) => {
    if (place < before.length) follow(before[place], child);
    else shown.append(document.importNode(child, true));
  });
  before.slice(after.length).forEach((child) => child.remove());
}

async function refresh() {
  const answer = await fetch(live.dataset.source, {
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const wanted = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  if (isPaused()) return;
  followChildren(live, wanted);
  const news = tellable();
  if (news !== told) say(news);
  else if (status.textContent === status.dataset.lost) say("");
  told = news;
}

function isPaused() {
  return document.hidden || pause.getAttribute("aria-pressed") === "true";
}

async function keepFresh() {
  if (!isPaused()) await refresh().catch(() => say(status.dataset.lost));
  setTimeout(keepFresh, EVERY_MS);
}

pause.hidden = false;
pause.addEventListener("click", () => {
  const pressed = pause.getAttribute("aria-pressed") === "true";
  pause.setAttribute("aria-pressed", String(!pressed));
});
setTimeout(keepFresh, EVERY_MS);
