/* mkdocs-paperdigest: a box that filters the index of keypoints, and its order. Runs on each visit of the page;
   what it says stands in `data-pd-words` there: of the box, the count ({} is the number), the order, and the three orders.
   An index that has no room for all keypoints names the script that has them in `data-pd-data`; `index_data.py` says what it holds. */
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
  const fold = (text) => self.paperdigestFold(text); // of paperdigest.js

  const collator = new Intl.Collator(document.documentElement.lang.replace("_", "-") || "en", { ignorePunctuation: true, numeric: true });
  const box = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const status = make("p", { role: "status" });
  const wordsOf = (text) => fold(text).split(/\s+/).filter(Boolean);

  /* Put the box and the buttons of the orders into the page. */
  const begin = (show, sort) => {
    box.addEventListener("input", show);
    const buttons = orderWords.map((word, number) => {
      const button = make("button", { type: "button", "aria-pressed": number === 0 }, word);
      button.addEventListener("click", () => {
        sort(number);
        for (const other of buttons) other.setAttribute("aria-pressed", other === button);
        show();
      });
      return button;
    });
    page.querySelector(".pd-facts").after(make("div", { class: "pd-filter pd-ui" },
      make("label", {}, filterWord, box),
      make("div", { role: "group", "aria-label": orderWord }, make("span", { "aria-hidden": true }, orderWord), ...buttons),
      status));
  };

  if (page.dataset.pdData) {
    const SHOWN = 200; // as many as a browser lays out while somebody types
    const { pdData, pdRoot, pdMore } = page.dataset;
    const [cutWord, belowWord, failedWord] = pdMore.split("|");
    const encoded = (path) => path.split("/").map(encodeURIComponent).join("/");
    const results = make("ul", { class: "pd-index", "data-pagefind-ignore": "" });
    let order = 0;
    let loading;

    const unpack = ({ anchored, around, pages, rows }) => {
      const all = rows.map(([label, count = 0, month = 0, below = 0, slug = 0, hue = 0, place = 0]) => {
        slug = slug || label.toLowerCase().replace(/ /g, "-");
        return { label, count, below, slug, hue, month: month || Infinity, text: fold(label), url: () => pdRoot +
          encoded(place ? pages[place] : around.join(slug)) + (anchored ? `#${encodeURIComponent(slug)}` : "") };
      });
      const sorted = [all];
      const orders = [null, (a, b) => collator.compare(a.label, b.label), (a, b) => a.month === b.month ? 0 : a.month - b.month];
      return (number) => sorted[number] || (sorted[number] = [...all].sort(orders[number]));
    };
    const load = () => loading || (loading = new Promise((done, failed) => {
      const script = make("script", { src: pdData });
      script.onload = () => {
        const data = self.paperdigestKeypoints;
        delete self.paperdigestKeypoints;
        script.remove();
        data ? done(unpack(data)) : failed(new Error(pdData));
      };
      script.onerror = () => failed(new Error(pdData));
      document.head.append(script);
    }));
    const item = (row) => {
      const badge = make("a", { class: "pd-keypoint", title: row.label, href: row.url() }, row.label);
      if (row.hue) badge.style.setProperty("--pd-hue", row.hue - 1);
      const count = row.below ? `${row.count} · ${belowWord.replace("{}", row.below)}` : row.count;
      return make("li", {}, badge, " ", make("span", { class: "pd-count" }, count));
    };

    const heading = document.getElementById("letters"); // the way to all keypoints that are not shown
    const letters = [heading, heading.nextElementSibling];

    const show = () => load().then((inOrder) => {
      const words = wordsOf(box.value);
      const whole = !words.length && !order;
      const found = whole ? [] : inOrder(order).filter((row) => words.every((word) => row.text.includes(word)));
      for (let part = results.nextElementSibling; part; part = part.nextElementSibling) {
        part.hidden = !whole && (words.length || !letters.includes(part));
      }
      results.hidden = whole;
      results.replaceChildren(...found.slice(0, SHOWN).map(item));
      status.textContent = whole ? "" : found.length > SHOWN
        ? cutWord.replace("{found}", found.length).replace("{shown}", SHOWN) : countWord.replace("{}", found.length);
    }, () => { status.textContent = failedWord; });
    begin(show, (number) => { order = number; });
    box.addEventListener("focus", () => load().catch(() => {}), { once: true });
    results.hidden = true;
    page.querySelector(".pd-filter").after(results);

    // Whoever comes for a keypoint that this page once had goes where it stands now.
    let wanted = "";
    try { wanted = decodeURIComponent(location.hash.slice(1)); } catch (_) { /* no anchor of ours */ }
    if (wanted && !document.getElementById(wanted)) load().then((inOrder) => {
      const row = inOrder(0).find(({ slug }) => slug === wanted);
      if (row) location.replace(row.url());
    }, () => {});
    return;
  }

  const lists = [...page.querySelectorAll(".pd-index")];
  const rows = lists.flatMap((list) => [...list.children].map((item) => {
    const label = item.querySelector(".pd-keypoint").textContent;
    return { item, list, label, newest: item.dataset.pdNewest || "" };
  }));
  const rowOf = new Map(rows.map((row) => [row.item, row]));
  for (const row of rows) row.above = rowOf.get(row.list.closest("li"));
  const orders = [
    () => 0, // as they came: most papers first
    (a, b) => collator.compare(a.label, b.label),
    (a, b) => (a.newest < b.newest) - (a.newest > b.newest),
  ];
  let inOrder = rows;

  const once = page.querySelector(".pd-once");
  let onceWasOpen = null; // while nothing is filtered

  const show = () => {
    const words = wordsOf(box.value);
    if (words.length) for (const row of rows) row.text = row.text || fold(row.label);
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
  begin(show, (number) => {
    inOrder = [...rows].sort(orders[number]);
  });
})();
