/** The reader: the contents folded on narrow screens, the current entry and the cited passage in view. */

const contents = document.querySelector(".contents");
const current = contents?.querySelector("[aria-current]");
const passage = document.getElementById("passage");

if (window.matchMedia("(max-width: 62rem)").matches) {
  contents?.querySelector("details")?.removeAttribute("open");
} else if (contents instanceof HTMLElement && current instanceof HTMLElement) {
  contents.scrollTop = current.offsetTop - contents.clientHeight / 3;
}
if (passage && (location.hash === "" || location.hash === "#passage")) {
  passage.scrollIntoView({ block: "center", behavior: "instant" });
}
