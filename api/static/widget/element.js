/** `<deonto-chat>`: a launcher with its panel, or the panel inside the page. See docs/widget.md. */

import { STYLES } from "./given.js";
import { icon, node } from "./nodes.js";
import { Panel } from "./panel.js";
import { text } from "./words.js";

const NAME = "deonto-chat";
const NARROW = matchMedia("(max-width: 40em)"); // a phone: the panel takes the whole screen
const SCRIPT = /** @type {HTMLScriptElement | null} */ (document.currentScript);
/** Where this file came from. */
const SERVER = SCRIPT?.src ? new URL(".", SCRIPT.src).href : "";
/** Attributes of the script tag, and what the element calls them. @type {Record<string, string>} */
const TAGGED = { mode: "mode", key: "key", title: "label", theme: "theme", heading: "heading", questions: "questions", server: "server", open: "open", target: "" };
/** What is typed is nobody else's, and the page's shortcuts must not fire. */
const TYPED = ["keydown", "keypress", "keyup", "beforeinput", "input", "change", "paste", "cut", "copy", "compositionstart", "compositionupdate", "compositionend"];

class DeontoChat extends HTMLElement {
  #built = false;
  /** @type {Panel | null} */
  #panel = null;
  /** @type {HTMLDialogElement | null} */
  #dialog = null;
  /** @type {HTMLButtonElement | null} */
  #launcher = null;

  connectedCallback() {
    if (this.#built) return;
    this.#built = true;
    const inline = this.getAttribute("mode") === "inline";
    const root = this.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet(); // no style element: the page's policy may forbid them
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    for (const type of TYPED) root.addEventListener(type, (event) => event.stopPropagation());
    const level = Number(this.getAttribute("heading"));
    const panel = new Panel({
      title: this.getAttribute("label") || text("title"),
      level: level >= 1 && level <= 6 ? level : 2,
      questions: (this.getAttribute("questions") ?? text("questions")).split("|").map((one) => one.trim()).filter(Boolean),
      service: () => ({ server: this.#server(), key: this.getAttribute("key")?.trim() ?? "" }),
      close: inline ? null : () => this.close(),
    });
    this.#panel = panel;
    if (inline) {
      const section = node("section", { class: "panel", lang: "fr", "aria-labelledby": "title" }, ...panel.nodes);
      section.addEventListener("keydown", (event) => event.key === "Escape" && panel.stop());
      root.append(section);
    } else {
      this.#buildLauncher(root, panel);
    }
  }

  disconnectedCallback() {
    this.#panel?.stop();
  }

  /** Show the panel; does nothing inside the page. */
  open() {
    this.#show("asked");
  }

  /** Hide the panel and end the answer under way; the conversation stays until the page goes. */
  close() {
    if (!this.#dialog?.open) return;
    const held = this.#dialog.contains(/** @type {ShadowRoot} */ (this.#dialog.getRootNode()).activeElement);
    this.#panel?.stop();
    this.#dialog.close();
    this.#launcher?.setAttribute("aria-expanded", "false");
    if (held) this.#launcher?.focus();
  }

  #server() {
    const given = this.getAttribute("server");
    return given ? new URL(given.replace(/\/*$/, "/"), document.baseURI).href : SERVER;
  }

  /** @param {ShadowRoot} root @param {Panel} panel */
  #buildLauncher(root, panel) {
    const dialog = /** @type {HTMLDialogElement} */ (node("dialog", { class: "panel", id: "panel", lang: "fr", "aria-labelledby": "title" }, ...panel.nodes));
    const launcher = /** @type {HTMLButtonElement} */ (
      node("button", { type: "button", class: "launcher", lang: "fr", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-controls": "panel" }, icon("bubble"), text("launch"))
    );
    this.#dialog = dialog;
    this.#launcher = launcher;
    launcher.addEventListener("click", () => (dialog.open ? this.close() : this.open()));
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      this.close();
    });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    NARROW.addEventListener("change", () => {
      if (!dialog.open) return;
      dialog.close();
      this.#show("resized");
    });
    // A phone's keyboard covers the page without making it smaller.
    visualViewport?.addEventListener("resize", () => dialog.style.setProperty("--seen", `${visualViewport?.height}px`));
    root.append(launcher, dialog);
    if (this.hasAttribute("open")) this.#show("given");
  }

  /** @param {"asked" | "resized" | "given"} why by the reader, for another size of the window, by an attribute */
  #show(why) {
    const dialog = this.#dialog;
    if (!dialog || dialog.open || (why === "given" && NARROW.matches)) return;
    // On a phone nothing of the page around can be seen: nothing of it may be reached.
    if (NARROW.matches) dialog.showModal();
    else if (why === "asked") dialog.show();
    else dialog.setAttribute("open", ""); // takes no focus
    this.#launcher?.setAttribute("aria-expanded", "true");
    // A phone's keyboard would hide what is said first.
    if (why === "asked") (NARROW.matches ? this.#panel?.heading : this.#panel?.box)?.focus({ preventScroll: true });
  }
}

/** A script tag that says how makes the element itself. @param {HTMLScriptElement} script */
function place(script) {
  const given = Object.keys(TAGGED).filter((name) => name in script.dataset);
  if (given.length === 0) return;
  const chat = document.createElement(NAME);
  chat.setAttribute("server", SERVER);
  for (const name of given) if (TAGGED[name]) chat.setAttribute(TAGGED[name], script.dataset[name] ?? "");
  const { target, mode } = script.dataset;
  const found = target ? document.querySelector(target) : null;
  if (found) found.append(chat);
  else if (mode === "inline") script.after(chat);
  else document.body.append(chat);
}

if (!customElements.get(NAME)) customElements.define(NAME, DeontoChat);
if (SCRIPT) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => place(SCRIPT));
  else place(SCRIPT);
}
