// Formatted text: what is typed is kept as the few elements that the server lets through.
import { h, icon, newId } from "./dom.js";

const INLINE = new Set(["STRONG", "EM", "B", "I", "A", "BR", "SPAN"]);
const BLOCKS = new Set(["P", "UL", "OL", "LI", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE"]);
const RENAMED = { B: "strong", I: "em", DIV: "p" };
const SAFE_LINK = /^(https?:|mailto:|tel:|\/|#)/i;

/** Return a clean copy of `node`'s children: unknown elements leave their text behind. */
function cleaned(node, inline) {
  const made = document.createDocumentFragment();
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) made.append(child.textContent);
    if (child.nodeType !== Node.ELEMENT_NODE) continue;
    const known = INLINE.has(child.tagName) || (!inline && (BLOCKS.has(child.tagName) || child.tagName === "DIV"));
    const inside = cleaned(child, inline);
    if (!known || child.tagName === "SPAN") { made.append(inside); continue; }
    const element = document.createElement(RENAMED[child.tagName] ?? child.tagName.toLowerCase());
    const link = child.getAttribute("href");
    if (child.tagName === "A" && SAFE_LINK.test(link ?? "")) element.setAttribute("href", link);
    element.append(inside);
    made.append(element);
  }
  return made;
}

export function tidy(html, inline) {
  const holder = document.createElement("div");
  holder.append(cleaned(new DOMParser().parseFromString(html, "text/html").body, inline));
  if (!inline && holder.textContent.trim() && !holder.querySelector("p,ul,ol,h2,h3,h4,h5,h6,blockquote")) {
    holder.innerHTML = `<p>${holder.innerHTML}</p>`;
  }
  return holder.textContent.trim() ? holder.innerHTML.replace(/<br><\/(p|li)>/g, "</$1>") : "";
}

export function richText({ label, value, inline, change }) {
  const field = h("div", {
    class: "rich", contenteditable: "true", role: "textbox", "aria-multiline": String(!inline), "aria-label": label, id: newId("rich"),
  });
  field.append(cleaned(new DOMParser().parseFromString(value || "", "text/html").body, inline));
  const keep = () => change(tidy(field.innerHTML, inline));
  const run = (command, argument) => { field.focus(); document.execCommand(command, false, argument); keep(); };
  const link = () => {
    const chosen = getSelection().rangeCount ? getSelection().getRangeAt(0).cloneRange() : null;
    const address = prompt("Where does the link lead? Write https://… or /…, or nothing to take the link away.", "");
    if (address === null || !chosen) return;
    getSelection().removeAllRanges();
    getSelection().addRange(chosen);
    if (!address) run("unlink");
    else if (SAFE_LINK.test(address)) run("createLink", address);
  };
  const tool = (text, name, act) => h("button", {
    type: "button", "aria-label": name, title: name, onmousedown: (event) => event.preventDefault(), onclick: act,
  }, text);
  const tools = h("div", { class: "rich-tools", role: "toolbar", "aria-label": `Format ${label}` },
    tool("B", "Bold", () => run("bold")), tool("I", "Italic", () => run("italic")), tool(icon("link"), "Link", link),
    !inline && tool("•", "List", () => run("insertUnorderedList")),
    !inline && tool("1.", "Numbered list", () => run("insertOrderedList")),
    !inline && tool("H", "Heading", () => run("formatBlock", "h3")),
    !inline && tool("¶", "Paragraph", () => run("formatBlock", "p")));
  field.addEventListener("input", keep);
  field.addEventListener("keydown", (event) => { if (inline && event.key === "Enter") event.preventDefault(); });
  field.addEventListener("paste", (event) => {
    event.preventDefault();
    const data = event.clipboardData;
    const html = data.getData("text/html");
    if (html) document.execCommand("insertHTML", false, tidy(html, inline));
    else document.execCommand("insertText", false, data.getData("text/plain"));
  });
  document.execCommand("defaultParagraphSeparator", false, "p");
  return h("div", { class: "rich-box" }, tools, field);
}
