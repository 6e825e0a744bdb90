/* mkdocs-paperdigest: a box that filters the index of keypoints, and its order. Runs on each visit of the page;
   what it says stands in `data-pd-words` there: of the box, the count ({} is the number), the order, and the three orders. */
(() => {
  const MANY = 500; // more badges than a browser lays out while somebody types: what is folded stays folded
  const page = document.querySelector(".pd-page[data-pd-words]");
  if (!page || page.querySelector(".pd-filter")) return;
  const [filterWord, countWord, orderWord, ...orderWords] = page.dataset.pdWords.split("|");

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.append(...children);
    return element;
  };
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const lists = [...page.querySelectorAll(".pd-index")];
  const rows = lists.flatMap((list) => [...list.children].map((item) => {
    const label = item.querySelector(".pd-keypoint").textContent;
    return { item, list, label, text: fold(label), newest: item.dataset.pdNewest || "" };
  }));
  const rowOf = new Map(rows.map((row) => [row.item, row]));
  for (const row of rows) row.above = rowOf.get(row.list.closest("li"));
  const collator = new Intl.Collator(document.documentElement.lang.replace("_", "-") || "en", { numeric: true });
  const orders = [
    () => 0, // as they came: most papers first
    (a, b) => collator.compare(a.label, b.label),
    (a, b) => (a.newest < b.newest) - (a.newest > b.newest),
  ];
  let inOrder = rows;

  const box = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const status = make("p", { role: "status" });
  const once = page.querySelector(".pd-once");
  let onceWasOpen = null; // while nothing is filtered

  const show = () => {
    const words = fold(box.value).split(/\s+/).filter(Boolean);
    const found = rows.filter((row) => words.every((word) => row.text.includes(word)));
    const shown = new Set(found);
    for (let row of found) while ((row = row.above)) shown.add(row);
    // Rows are taken out, not hidden: to hide thousands of them takes a browser a hundred times as long.
    const parts = new Map(lists.map((list) => [list, []]));
    for (const row of inOrder) if (shown.has(row)) parts.get(row.list).push(row.item);
    parts.forEach((items, list) => {
      list.replaceChildren(...items);
      list.hidden = !items.length;
    });
    status.textContent = words.length ? countWord.replace("{}", found.length) : "";
    if (once) {
      once.hidden = once.querySelector(".pd-index").hidden;
      if (words.length && onceWasOpen === null) onceWasOpen = once.open;
      if (words.length) once.open = onceWasOpen || found.length <= MANY;
      else if (onceWasOpen !== null) [once.open, onceWasOpen] = [onceWasOpen, null];
    }
    let heading = {}; // it is shown with any list below it
    for (const part of page.children) {
      if (part.tagName === "H2") {
        heading = part;
        heading.hidden = true;
      } else if (part.matches(".pd-index, .pd-once") && !part.hidden) heading.hidden = false;
    }
  };
  box.addEventListener("input", show);

  const buttons = orderWords.map((word, number) => {
    const button = make("button", { type: "button", "aria-pressed": number === 0 }, word);
    button.addEventListener("click", () => {
      inOrder = [...rows].sort(orders[number]);
      for (const other of buttons) other.setAttribute("aria-pressed", other === button);
      show();
    });
    return button;
  });

  page.querySelector(".pd-facts").after(make("div", { class: "pd-filter pd-ui" },
    make("label", {}, filterWord, box),
    make("div", { role: "group", "aria-label": orderWord }, make("span", { "aria-hidden": true }, orderWord), ...buttons),
    status));
})();
