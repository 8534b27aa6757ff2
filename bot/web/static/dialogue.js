// The web chat: focus after each swap, typed text that survives, and answers sent again when the
// connection is back. A turn keeps its message id, so that the server takes it once only.
"use strict";

const TEXT = "lotsen:text:";
const UNSENT = "lotsen:unsent";
const FIRST_WAIT_MS = 3000;
const LONGEST_WAIT_MS = 30000;

let waitMs = FIRST_WAIT_MS;
let timer = 0;

const dialogue = () => document.getElementById("dialogue");
const question = () => dialogue().dataset.question;
const show = (id, visible) => {
  document.getElementById(id).hidden = !visible;
};

// --- typed text -----------------------------------------------------------------------------

function keepText(event) {
  const field = event.target;
  if (!field.matches("#dialogue [data-keep]")) return;
  if (field.value) sessionStorage.setItem(TEXT + question(), field.value);
  else sessionStorage.removeItem(TEXT + question());
}

function restoreText() {
  const field = dialogue().querySelector("[data-keep]");
  const kept = field && sessionStorage.getItem(TEXT + question());
  const restored = Boolean(kept && kept !== field.value);
  if (restored) field.value = kept;
  show("restored", restored);
}

// --- the list of units ----------------------------------------------------------------------

const plain = (text) => text.toLocaleLowerCase("sv").normalize("NFD").replace(/\p{M}/gu, "");

function filterChoices(event) {
  const field = event.target;
  if (!field.matches("[data-filter]")) return;
  const wanted = plain(field.value.trim());
  let fitting = 0;
  for (const button of document.querySelectorAll(`${field.dataset.filter} button`)) {
    button.hidden = !plain(button.textContent).includes(wanted);
    if (!button.hidden) fitting += 1;
  }
  const found = field.form.querySelector(".found");
  const text = { 0: found.dataset.none, 1: found.dataset.one }[fitting] || found.dataset.many;
  found.textContent = wanted ? text.replace("#", String(fitting)) : "";
}

// --- a lost connection ----------------------------------------------------------------------

function keepUnsent(config) {
  const body = new URLSearchParams(config.formData).toString();
  sessionStorage.setItem(UNSENT, JSON.stringify({ question: question(), body }));
  show("connection", true);
  clearTimeout(timer);
  timer = setTimeout(sendAgain, waitMs);
  waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
}

function unsentHere() {
  const kept = JSON.parse(sessionStorage.getItem(UNSENT) || "null");
  // The question has moved on: the answer did arrive, only its reply was lost.
  return kept && kept.question === question() ? kept : null;
}

function sendAgain() {
  clearTimeout(timer);
  const kept = unsentHere();
  if (!kept) return delivered();
  const values = Object.fromEntries(new URLSearchParams(kept.body));
  return htmx.ajax("POST", "/rapportera", {
    source: "#dialogue",
    target: "#dialogue",
    swap: "outerHTML show:window:top",
    values,
  });
}

function delivered() {
  clearTimeout(timer);
  waitMs = FIRST_WAIT_MS;
  sessionStorage.removeItem(UNSENT);
  show("connection", false);
  show("refused", false);
}

// --- pictures and files ---------------------------------------------------------------------

const isUpload = (config) => config.path.endsWith("/fil");

// A file cannot wait in the browser's storage; it stays chosen in its field instead.
function tellOfFile(text) {
  const fault = document.getElementById("files-fault");
  fault.textContent = text;
  fault.hidden = !text;
}

function tooLarge(field) {
  return [...field.files].some((file) => file.size > Number(field.dataset.largest));
}

function checkFiles(event) {
  const field = event.target;
  if (field.id !== "files") return;
  const { large } = document.getElementById("files-fault").dataset;
  tellOfFile(tooLarge(field) ? large : "");
}

function holdLargeFiles(event) {
  const field = event.target.querySelector && event.target.querySelector("#files");
  if (field && tooLarge(field)) event.preventDefault();
}

function notArrived(config) {
  if (isUpload(config)) tellOfFile(document.getElementById("files-fault").dataset.unsent);
  else keepUnsent(config);
}

// --- what htmx tells ------------------------------------------------------------------------

function beforeSwap(event) {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status >= 400) return;
  if (!xhr.responseText.includes('id="dialogue"')) {
    // The conversation is gone, for instance after "log out" in another tab.
    event.detail.shouldSwap = false;
    forgetEverything();
    location.assign("/rapportera");
    return;
  }
  const wrote = requestConfig.formData.get("text");
  if (wrote !== null) sessionStorage.removeItem(TEXT + question());
  delivered();
}

function afterSwap() {
  document.title = dialogue().dataset.title;
  if (question() === "receipt") forgetEverything();
  restoreText();
  if (!focusOnWhatIsNew(dialogue())) document.getElementById("question").focus();
}

function responseError(event) {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status >= 500) notArrived(requestConfig);
  else if (isUpload(requestConfig)) tellOfFile(document.getElementById("files-fault").dataset.large);
  else show("refused", true);
}

document.addEventListener("DOMContentLoaded", () => {
  document.addEventListener("input", keepText);
  document.addEventListener("input", filterChoices);
  document.addEventListener("change", checkFiles);
  document.addEventListener("htmx:beforeRequest", holdLargeFiles);
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterSwap", afterSwap);
  document.addEventListener("htmx:sendError", (event) => notArrived(event.detail.requestConfig));
  document.addEventListener("htmx:timeout", (event) => notArrived(event.detail.requestConfig));
  document.addEventListener("htmx:responseError", responseError);
  document.getElementById("send-again").addEventListener("click", sendAgain);
  window.addEventListener("online", sendAgain);
  document.title = dialogue().dataset.title;
  restoreText();
  if (sessionStorage.getItem(UNSENT)) sendAgain();
});
