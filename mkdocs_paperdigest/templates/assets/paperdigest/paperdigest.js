/* mkdocs-paperdigest: the buttons that copy a paper's link and citation, figures opened large, details open in print.
   It runs once, while pages come and go; what it says stands in `data-pd-words` of a paper's foot. */
(() => {
  // Text as it is sought, for the scripts of the explorer and the index; `folding.py` has the same rule.
  const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i", þ: "th", ς: "σ" };
  const bare = (text) => text.replace(/[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g, "");
  self.paperdigestFold = (text) => bare(bare(text.normalize("NFKD")).toLowerCase().replace(/[ßæœøłđıþς]/g, (c) => LETTERS[c])).normalize("NFC");

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const words = () => {
    const foot = document.querySelector(":is(.pd-foot, .pd-papers)[data-pd-words]");
    return (foot ? foot.dataset.pdWords : "Copy link|Copied|Close").split("|");
  };

  const addButtons = () => {
    const [label] = words();
    for (const source of document.querySelectorAll(".pd-permalink, [data-pd-copy]")) {
      const next = source.nextElementSibling;
      if (next && next.className === "pd-copy") continue;
      const button = make("button", { type: "button", className: "pd-copy", textContent: source.dataset.pdCopy || label });
      const status = make("span", { className: "pd-copied" });
      status.setAttribute("role", "status"); // beside the button: a reader hears it once, and the button keeps its name
      source.after(" ", button, " ", status);
    }
  };

  const copy = async (button) => {
    const status = button.nextElementSibling;
    const { hash, textContent } = button.previousElementSibling;
    const text = hash ? location.href.replace(/[?#].*/, "") + hash : textContent;
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // missing at http:, refused at file:
      const field = make("textarea", { className: "pd-hidden", value: text });
      button.after(field);
      field.select();
      copied = document.execCommand("copy");
      field.remove();
      button.focus();
    }
    if (!copied) prompt(button.textContent, text);
    else {
      status.textContent = words()[1];
      setTimeout(() => { status.textContent = ""; }, 2000);
    }
  };

  const enlarge = (link) => {
    const close = words()[2];
    const { alt } = link.querySelector("img");
    const dialog = make("dialog", { className: "pd-zoom" }, make("img", { src: link.href, alt }));
    const caption = make("p", { textContent: alt });
    caption.setAttribute("aria-hidden", "true"); // the picture says it
    dialog.append(caption, make("button", { type: "button", textContent: close }));
    dialog.setAttribute("aria-label", alt);
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const { target } = event;
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const button = target.closest(".pd-copy");
    const link = target.closest("a.pd-figure[href]");
    if (button) copy(button);
    else if (target.matches(".pd-zoom, .pd-zoom > button")) target.closest("dialog").close();
    else if (link && window.HTMLDialogElement) {
      event.preventDefault();
      enlarge(link);
    }
  });

  // Material takes alternates for languages, and asks for a site map beside each; this it does not know.
  for (const feed of document.querySelectorAll("link[rel=alternate][type]")) feed.rel += " feed";

  const arrive = () => {
    document.querySelectorAll(".pd-zoom").forEach((dialog) => dialog.close());
    addButtons();
  };
  document.addEventListener("DOMContentLoaded", arrive);
  if (window.document$) document$.subscribe(arrive); // Material's instant navigation; at file: it may never say anything

  if (!CSS.supports("selector(::details-content)")) { // else the style sheet opens them
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = [...document.querySelectorAll(".pd-paper details:not([open])")];
      folded.forEach((details) => { details.open = true; });
    });
    addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
  }
})();
