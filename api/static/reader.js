/** The reader: contents folded on narrow screens, the cited passage in view, a quotation copied with its reference. */

const contents = document.querySelector(".contents");
const current = contents?.querySelector("[aria-current]");
const passage = document.getElementById("passage");
const words = /** @type {HTMLTemplateElement | null} */ (document.getElementById("words"));
const body = document.getElementById("text");
const button = document.getElementById("copy");
const tools = document.getElementById("tools");
const copied = document.getElementById("copied");

/** @param {string} key @param {Record<string, string>} [values] */
const said = (key, values = {}) =>
  (words?.content.querySelector(`[data-text="${key}"]`)?.textContent ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** What is selected inside the text. @returns {Range | null} */
function selected() {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return body?.contains(range.commonAncestorContainer) && range.toString().trim() ? range : null;
}

/** The printed page on which a place of the text stands, "" where pages have no number. @param {Node} place */
function pageOf(place) {
  const labels = [...(body?.querySelectorAll("[data-page]") ?? [])];
  const before = labels.filter((label) => label.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING);
  return before.at(-1)?.getAttribute("data-page") ?? "";
}

/** Words of the text as they are copied: without the page numbers, and with the reference. @param {Range} range */
function quoted(range) {
  const part = range.cloneContents();
  for (const label of part.querySelectorAll("[data-page]")) label.remove();
  const blocks = part.childElementCount && part.querySelector("p, h2, h3, h4") ? [...part.children] : [part];
  const quote = blocks.map((block) => (block.textContent ?? "").trim()).filter((text) => text !== "").join("\n\n");
  const page = pageOf(range.startContainer);
  const notice = said("notice");
  const source = [said("reference"), page && said("page", { page })].filter(Boolean).join(", ") + (notice && ` (${notice})`);
  return [said("quoted", { quote }), source, said("link")].filter(Boolean).join("\n");
}

/** The cited passage with its reference, as the page gives it. */
const cited = () => [...document.querySelectorAll("#quotation p")].map((line) => line.textContent ?? "").join("\n");

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not over plain HTTP from another machine: the words can be selected instead
  }
}

function show() {
  if (!button || !tools) return;
  const range = selected();
  for (const label of button.querySelectorAll("[data-when]")) {
    label.toggleAttribute("hidden", (label.getAttribute("data-when") === "selection") !== Boolean(range));
  }
  if (!passage) tools.hidden = button.hidden = !range && document.activeElement !== button;
}

if (window.matchMedia("(max-width: 62rem)").matches) {
  contents?.querySelector("details")?.removeAttribute("open");
} else if (contents instanceof HTMLElement && current instanceof HTMLElement) {
  contents.scrollTop = current.offsetTop - contents.clientHeight / 3;
}
const seePassage = () => passage?.scrollIntoView({ block: "center", behavior: "instant" });
if (location.hash === "" || location.hash === "#passage") seePassage();
document.querySelector(".original")?.addEventListener("toggle", seePassage); // the lines are shorter beside the file
if (button && copied) {
  button.hidden = false;
  document.addEventListener("selectionchange", show);
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  button.addEventListener("click", async () => {
    const range = selected();
    const done = await copy(range ? quoted(range) : cited());
    copied.textContent = said(done ? "copied" : "refused");
    const fallback = document.getElementById("to-copy");
    if (!done && fallback instanceof HTMLDetailsElement) {
      fallback.classList.add("needed");
      fallback.open = true;
    }
  });
  document.documentElement.classList.add("scripted");
}

export {}; // a module: document.js imports it
