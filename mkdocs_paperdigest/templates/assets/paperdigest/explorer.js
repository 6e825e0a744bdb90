/* mkdocs-paperdigest: the explorer of papers. Its state is the page's address; `explorer_data.py` says what the data is. */
(() => {
  "use strict";
  // Instant navigation runs the scripts of a page each time that the page comes.
  if (self.paperdigestExplorer) return self.paperdigestExplorer();

  const MANY = ["k", "not"], ONE = ["cat", "from", "to", "q", "sort"], FACETS = 20, BURST = 1500, PRINTED = 500, STORE = "paperdigest-explorer";

  // Text

  const casefold = text => text.toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ");
  const fold = text => self.paperdigestFold(text);  // of paperdigest.js
  const wordsOf = text => fold(text).split(/\s+/).filter(Boolean);
  // JavaScript compares UTF-16, where half a pair comes before U+E000; this puts code points in their order.
  const sortable = text => casefold(text).replace(/[\ud800-\uffff]/g, c =>
    String.fromCharCode(c < "\ue000" ? c.charCodeAt(0) + 0x2000 : c.charCodeAt(0) - 0x800));
  const encoded = path => path.split("/").map(encodeURIComponent).join("/");
  const ANCHORS = [
    title => title.normalize("NFKD").replace(/[^\0-\x7f]/g, "").replace(/[^\w\s-]/g, "").trim().toLowerCase().replace(/[-\s]+/g, "-"),
    title => title.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\-_ ]/gu, "").replace(/ /g, "-"),
  ];

  const element = (name, className, text, attributes) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    return made;
  };

  /* Make `wanted` the children of `parent`, in order, without moving those that stay: what moves loses the focus. */
  const arrange = (parent, wanted) => {
    const keep = new Set(wanted);
    for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
    let at = parent.firstElementChild;
    for (const child of wanted) {
      if (child === at) at = at.nextElementSibling;
      else parent.insertBefore(child, at);
    }
  };

  // Data

  const spread = (runs, into) => {
    for (let r = 0, i = 0; r < runs.length; r += 2) for (let n = runs[r + 1]; n; n--) into[i++] = runs[r];
    return into;
  };

  const unpack = data => {
    const count = data.titles.length, day = spread(data.day, []), months = [...new Set(day.map(d => d.slice(0, 7)))].filter(Boolean).sort();
    const numbers = new Map(months.map((month, n) => [month, n + 1]));
    const keypoints = data.keypoints.map(row => {
      const [label, slug, url, hue, ...others] = [].concat(row);
      const keypoint = { label, slug: slug || label.toLowerCase().replace(/ /g, "-"), names: [label, ...others], hue };
      keypoint.url = url === -1 ? "" : encoded(url || data.around.join(keypoint.slug));
      keypoint.folded = keypoint.names.map(fold).join("\n");
      return keypoint;
    });
    data.hidden.forEach(n => { keypoints[n].hidden = true; });
    // The keypoints of paper p are flat[start[p]] to flat[start[p + 1] - 1], each once.
    const start = new Uint32Array(count + 1), flat = [];
    data.named.forEach((named, p) => {
      for (const number of named ? named.split(",") : []) {
        const k = parseInt(number, 10);
        if (flat.indexOf(k, start[p]) < 0) flat.push(k);
      }
      start[p + 1] = flat.length;
    });
    const page = spread(data.page, new Uint32Array(count));
    const anchor = p => typeof data.anchors[p] === "string" ? data.anchors[p] : ANCHORS[data.anchors[p] || 0](data.titles[p]);
    const categories = new Map(data.categories.map((name, n) => [name, n]));
    let texts, ranks;
    return {
      count, day, months, keypoints, start, flat: Uint32Array.from(flat), titles: data.titles, categories, names: data.categories,
      bySlug: new Map(keypoints.map((keypoint, n) => [keypoint.slug, n])),
      month: Uint32Array.from(day, d => numbers.get(d.slice(0, 7)) || 0),
      category: spread(data.category, new Int32Array(count)),
      /* Each paper's keypoints as [keypoint, spelling]. */
      badges: p => data.named[p] ? data.named[p].split(",").map(number => {
        const [k, name] = number.split(".");
        return [keypoints[k], keypoints[k].names[name || 0]];
      }) : [],
      id: p => data.ids[p] || `${[].concat(data.pages[page[p]])[0]}/${anchor(p)}`,
      url: p => {
        const place = data.pages[page[p]];
        return `${encoded(typeof place === "string" ? place + data.ending : place[1])}#${encodeURIComponent(anchor(p))}`;
      },
      /* What free text is sought in, made when it is first wanted. */
      text: p => {
        if (!texts) {
          const known = keypoints.map(keypoint => keypoint.names.map(fold)), kinds = data.categories.map(fold), of = spread(data.category, []);
          texts = data.titles.map((title, i) => [fold(title), of[i] < 0 ? "" : kinds[of[i]], ...data.named[i] && data.named[i].split(",").map(number => {
            const [k, name] = number.split(".");
            return name ? `${known[k][0]}\n${known[k][name]}` : known[k][0];
          })].join("\n"));
        }
        return texts[p];
      },
      rank: p => {
        if (!ranks) {
          const keys = data.titles.map(sortable), order = [...keys.keys()].sort((a, b) => keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b);
          ranks = new Uint32Array(count);
          order.forEach((paper, rank) => { ranks[paper] = rank; });
        }
        return ranks[p];
      },
    };
  };

  const known = new Map();
  const load = url => {
    if (!known.has(url)) {
      known.set(url, new Promise((done, failed) => {
        const script = element("script", "", undefined, { src: url });
        script.onload = () => {
          const data = self.paperdigestPapers;
          script.remove();
          delete self.paperdigestPapers;
          data ? done(unpack(data)) : failed(new Error(url));
        };
        script.onerror = () => failed(new Error(url));
        document.head.append(script);
      }));
      known.get(url).catch(() => known.delete(url));
    }
    return known.get(url);
  };

  // The state and the page's address

  const keyOf = part => [...new URLSearchParams(part).keys()][0];

  /* `YYYY-MM` of a month, or of a month of a year; "" of anything else. */
  const monthOf = (text, month) => {
    const [, year, number = month] = /^(\d{4})(?:-(0?[1-9]|1[0-2]))?$/.exec(text) || [];
    return year ? `${year}-${number.padStart(2, "0")}` : "";
  };

  const stateOf = search => {
    const given = new URLSearchParams(search), state = {};
    for (const key of MANY) state[key] = [...new Set(given.getAll(key))].filter(Boolean);
    for (const key of ONE) state[key] = (given.get(key) || "").trim();
    state.cat = given.get("cat") || "";
    state.from = monthOf(state.from, "01");
    state.to = monthOf(state.to, "12");
    if (state.sort !== "old" && state.sort !== "title") state.sort = "new";
    return state;
  };

  const searchOf = (state, search) => {
    const parts = search.slice(1).split("&").filter(part => part && ![...MANY, ...ONE].includes(keyOf(part)));
    const add = (key, value) => parts.push(`${key}=${encodeURIComponent(value).replace(/%20/g, "+")}`);
    for (const key of MANY) state[key].forEach(value => add(key, value));
    for (const key of ONE) if (state[key] && !(key === "sort" && state.sort === "new")) add(key, state[key]);
    return parts.length ? `?${parts.join("&")}` : "";
  };

  // What is found

  /* The papers that a state asks for, in order, and how many there are of each keypoint, and of each category if it were another. */
  const find = (data, state) => {
    const { count, start, flat, month, category, months } = data;
    const role = new Uint8Array(data.keypoints.length), kinds = new Uint32Array(data.names.length), counts = new Uint32Array(role.length);
    const slugs = key => state[key].map(slug => data.bySlug.get(slug)).filter(k => k !== undefined);
    slugs("k").forEach(k => { role[k] = 1; });
    slugs("not").forEach(k => { role[k] |= 2; });
    const first = state.from ? 1 + months.filter(m => m < state.from).length : state.to ? 1 : 0;
    const last = state.to ? months.filter(m => m <= state.to).length : months.length;
    const wanted = state.cat ? (data.categories.has(state.cat) ? data.categories.get(state.cat) : -2) : -3;
    const words = wordsOf(state.q), found = [];
    for (let p = 0; p < count; p++) {
      if (month[p] < first || month[p] > last) continue;
      let left = state.k.length;
      for (let i = start[p]; i < start[p + 1]; i++) {
        const r = role[flat[i]];
        if (r & 1) left--;
        if (r & 2) left = Infinity;
      }
      if (left || !words.every(word => data.text(p).includes(word))) continue;
      if (category[p] >= 0) kinds[category[p]]++;
      if (wanted !== -3 && wanted !== category[p]) continue;
      found.push(p);
      for (let i = start[p]; i < start[p + 1]; i++) counts[flat[i]]++;
    }
    const { day } = data;
    if (state.sort === "title") found.sort((a, b) => data.rank(a) - data.rank(b));
    if (state.sort === "old") found.sort((a, b) => !day[a] - !day[b] || (day[a] < day[b] ? -1 : day[a] > day[b] ? 1 : a - b));
    return { found, counts, kinds };
  };

  // The page

  let current, fresh = true, popped = "";
  addEventListener("popstate", () => { popped = location.href; });

  const mount = () => {
    const root = document.querySelector(".pd-explorer");
    if (current && current.root === root) return;
    if (current) current.stop.abort();
    current = null;
    if (!root) return;
    const stop = new AbortController(), { signal } = stop, path = location.pathname, href = location.href;
    const [entry] = performance.getEntriesByType("navigation");
    const returning = fresh ? Boolean(entry) && entry.type !== "navigate" : popped === href;
    fresh = false;
    popped = "";
    current = { root, stop };
    const say = JSON.parse(root.dataset.pdWords), live = root.querySelector("[aria-live]"), form = root.querySelector("form");
    const months = root.querySelector(".pd-months-whole");
    months.hidden = true;
    live.textContent = say.loading;
    form.addEventListener("submit", event => event.preventDefault());
    // After the first paint, which waits for nothing.
    const start = () => requestAnimationFrame(() => setTimeout(() => load(new URL(root.dataset.pdData, href).href).then(data => {
      if (!signal.aborted) requestAnimationFrame(() => explore(root, data, say, signal, path, returning));
    }, () => {
      months.hidden = false;
      live.textContent = say.failed;
    })));
    keep(start, Boolean(entry) && !entry.domContentLoadedEventStart);
  };

  /* Themes take `q` for theirs, and open their search: Material has done so by now, and takes it out of the address when that is
     closed; the theme mkdocs does so when the document is ready. So it leaves the address until then. */
  const keep = (start, early) => {
    const { href } = location, url = new URL(href), q = url.searchParams.get("q");
    if (!q || !early) return start();
    const toggle = document.getElementById("__search"), field = document.querySelector("[data-md-component=search-query]");
    if (toggle && toggle.checked && field && field.value === q) {
      toggle.click();
      field.blur();
      field.value = "";
    }
    url.searchParams.delete("q");
    history.replaceState(history.state, "", url.href);
    document.addEventListener("DOMContentLoaded", () => {
      history.replaceState(history.state, "", href);
      start();
    }, { once: true });
  };

  const explore = (root, data, say, signal, path, returning) => {
    const one = name => root.querySelector(name), way = root.dataset.pdRoot;
    const live = one("[aria-live]"), form = one("form"), chips = one(".pd-chips"), facets = one(".pd-facets"), list = one(".pd-results");
    const finder = one(".pd-find"), more = one(".pd-more"), none = one(".pd-none"), cut = one(".pd-cut"), fields = form.elements;
    let state, result, wish, typed = 0;

    const fill = (text, values) => String(text).replace(/\{(\w+)\}/g, (whole, key) => key in values ? values[key] : whole);
    const counted = (forms, n) => fill(typeof forms === "string" ? forms : forms[n === 1 ? "one" : "other"], { n });
    const monthName = month => {
      const [year, m] = month.split("-");
      return say.months[m - 1] ? fill(say.month, { year, month: say.months[m - 1], number: Number(m) }) : month;
    };
    const labelOf = slug => data.bySlug.has(slug) ? data.keypoints[data.bySlug.get(slug)].label : slug;

    // Changes

    const change = (changed, typing) => {
      state = { ...state, ...changed };
      const url = location.pathname + searchOf(state, location.search) + location.hash, burst = typing && Date.now() - typed < BURST;
      if (burst || url !== location.pathname + location.search + location.hash) {
        typed = typing ? Date.now() : 0;
        try {
          burst ? history.replaceState(history.state, "", url) : history.pushState(null, "", url);
        } catch (error) { /* The browser allows no more of them now, or none at all: the state is in the page, too. */ }
      }
      show();
    };

    const toggle = (key, slug) => {
      const other = key === "k" ? "not" : "k", has = state[key].includes(slug), rest = state[key].filter(s => s !== slug);
      change({ [key]: has ? rest : [...rest, slug], [other]: state[other].filter(s => s !== slug) });
    };

    const show = () => {
      result = find(data, state);
      const text = counted(say.found, result.found.length);
      if (live.textContent !== text) live.textContent = text;
      none.hidden = result.found.length > 0;
      showFields();
      showChips();
      showFacets();
      results.begin();
    };

    // Search, months, category, order

    const options = (select, wanted) => {
      wanted.forEach(([value, text], n) => {
        const option = select.options[n] || select.appendChild(element("option"));
        if (option.value !== value || !option.hasAttribute("value")) option.value = value;
        if (option.text !== text) option.textContent = text;
      });
      while (select.options.length > wanted.length) select.lastChild.remove();
    };

    const showFields = () => {
      if (fields.q.value.trim() !== state.q) fields.q.value = state.q;
      for (const key of ["from", "to"]) {
        const known = data.months.includes(state[key]) || !state[key] ? data.months : [...data.months, state[key]].sort();
        options(fields[key], [["", say.any_month], ...[...known].reverse().map(month => [month, monthName(month)])]);
        fields[key].value = state[key];
      }
      const name = (text, n) => `${text} (${n})`;
      const strange = state.cat && !data.categories.has(state.cat) ? [[state.cat, name(state.cat, 0)]] : [];
      const categories = data.names.map((text, n) => [text, name(text, result.kinds[n])]);
      options(fields.cat, [["", say.all_categories], ...categories, ...strange]);
      fields.cat.value = state.cat;
      fields.cat.closest("label").hidden = !data.names.length && !state.cat;
      fields.sort.value = state.sort;
    };

    // Chips

    const showChips = () => {
      const wanted = [
        ...state.k.map(slug => ["k", slug, labelOf(slug)]),
        ...state.not.map(slug => ["not", slug, fill(say.without, { name: labelOf(slug) })]),
        ...state.cat ? [["cat", "", state.cat]] : [],
        ...state.from ? [["from", "", `${say.from} ${monthName(state.from)}`]] : [],
        ...state.to ? [["to", "", `${say.to} ${monthName(state.to)}`]] : [],
        ...state.q ? [["q", "", fill(say.quoted, { text: state.q })]] : [],
      ];
      if (wanted.length) wanted.push(["all", "", say.clear]);
      const items = [...chips.children], focused = items.findIndex(item => item.contains(document.activeElement));
      const old = new Map(items.map(item => [item.dataset.pdKey, item]));
      arrange(chips, wanted.map(([kind, slug, text]) => {
        const key = `${kind} ${slug}`, item = old.get(key) || element("li", "", undefined, { "data-pd-key": key });
        const button = item.firstChild || item.appendChild(element("button", `pd-chip pd-chip-${kind}`, undefined, { type: "button" }));
        if (button.textContent !== text) button.textContent = text;
        button.title = kind === "all" ? "" : fill(say.remove, { name: text });
        button.setAttribute("aria-label", kind === "all" ? text : button.title);
        button.onclick = () => kind === "all" ? change(stateOf(`?sort=${state.sort}`)) : slug ? toggle(kind, slug) : change({ [kind]: "" });
        return item;
      }));
      if (focused >= 0 && !chips.contains(document.activeElement)) {
        const next = chips.children[Math.min(focused, chips.children.length - 1)];
        (next ? next.firstChild : fields.q).focus();
      }
    };

    // Keypoints

    const made = new Map();
    const facet = k => {
      if (!made.has(k)) {
        const { label, slug, hue } = data.keypoints[k], item = element("li", "pd-facet"), button = { type: "button" };
        const include = item.appendChild(element("button", "pd-with", undefined, button));
        include.append(element("span", "pd-name", label), " ", element("span", "pd-count"));
        const name = fill(say.without, { name: label });
        item.append(element("button", "pd-without", "−", { ...button, "aria-label": name, title: name }));
        item.children[0].onclick = () => toggle("k", slug);
        item.children[1].onclick = () => toggle("not", slug);
        item.dataset.pdSlug = slug;
        if (hue >= 0) item.style.setProperty("--pd-hue", hue);
        made.set(k, item);
      }
      return made.get(k);
    };

    const showFacets = () => {
      const { counts } = result, words = wordsOf(finder.value);
      const chosen = [...state.k, ...state.not].map(slug => data.bySlug.get(slug)).filter(k => k !== undefined), rest = [];
      data.keypoints.forEach((keypoint, k) => {
        if (keypoint.hidden || chosen.includes(k)) return;
        if (words.length ? words.every(word => keypoint.folded.includes(word)) : counts[k]) rest.push(k);
      });
      rest.sort((a, b) => counts[b] - counts[a] || a - b);
      const focused = facets.contains(document.activeElement) && document.activeElement;
      arrange(facets, [...new Set([...chosen, ...rest.slice(0, FACETS)])].map(k => {
        const item = facet(k), { slug } = data.keypoints[k], [include, exclude] = item.children;
        include.setAttribute("aria-pressed", state.k.includes(slug));
        exclude.setAttribute("aria-pressed", state.not.includes(slug));
        include.lastChild.textContent = counts[k];
        return item;
      }));
      more.textContent = rest.length > FACETS ? counted(say.more, rest.length - FACETS) : words.length && !rest.length && !chosen.length ? say.no_keypoint : "";
      if (focused && focused !== document.activeElement) (focused.isConnected ? focused : finder).focus({ preventScroll: true });
    };

    // Results: those near the screen, and gaps as high as the rest, so that the page's own scroll bar covers all

    const results = (() => {
      const heights = new Float64Array(data.count), gaps = [];
      let guess = 0, width = 0, tops = null, shown = new Map(), printing = false;

      const item = position => {
        if (shown.has(position)) return shown.get(position);
        const p = result.found[position], li = element("li", "pd-result pd-entry", undefined, {
          "data-pd-paper": data.id(p), "aria-posinset": position + 1, "aria-setsize": result.found.length,
        });
        li.append(element("a", "pd-title", data.titles[p] || say.untitled, { href: way + data.url(p) }));
        const place = [data.month[p] && monthName(data.months[data.month[p] - 1]), data.names[data.category[p]]].filter(Boolean).join(" · ");
        if (place) li.append(element("span", "pd-place", place));
        const badges = data.badges(p);
        if (badges.length) {
          const row = li.appendChild(element("p", "pd-keypoints"));
          row.append(element("span", "pd-hidden", say.keypoints));
          for (const [keypoint, name] of badges) {
            const badge = element(keypoint.url ? "a" : "span", "pd-keypoint", name, { title: keypoint.label });
            if (keypoint.url) badge.href = way + keypoint.url;
            if (keypoint.hue >= 0) badge.style.setProperty("--pd-hue", keypoint.hue);
            row.append(" ", badge);
          }
        }
        return li;
      };

      const place = () => {
        if (tops) return;
        const { found } = result;
        tops = new Float64Array(found.length + 1);
        for (let i = 0; i < found.length; i++) tops[i + 1] = tops[i] + (heights[found[i]] || guess || 100);
      };

      /* One round; tells whether heights became known that change what should be shown. */
      const round = () => {
        place();
        const total = result.found.length, above = -list.getBoundingClientRect().top, reach = Math.min(innerHeight / 2, 400);
        const focused = [...shown].find(([, li]) => li.contains(document.activeElement)), positions = new Set();
        let first = 0;
        if (printing) for (let i = 0; i < total && i < PRINTED; i++) positions.add(i);
        else while (first < total - 1 && tops[first + 1] < above - reach) first++;
        for (let i = first; !printing && i < total && (i === first || tops[i] < above + innerHeight + reach); i++) positions.add(i);
        // What has the focus stays, and what Tab goes to from there.
        if (focused) for (let i = Math.max(focused[0] - 1, 0); i <= focused[0] + 1 && i < total; i++) positions.add(i);
        const wanted = [], next = new Map();
        let end = 0, used = 0;
        const gap = to => {
          if (tops[to] - tops[end] <= 0) return;
          const li = gaps[used] || (gaps[used] = element("li", "pd-gap", undefined, { "aria-hidden": "true" }));
          used++;
          li.style.blockSize = `${tops[to] - tops[end]}px`;
          wanted.push(li);
        };
        for (const position of [...positions].sort((a, b) => a - b)) {
          gap(position);
          end = position + 1;
          next.set(position, item(position));
          wanted.push(next.get(position));
        }
        gap(total);
        shown = next;
        arrange(list, wanted);
        let changed = false, sum = 0;
        for (const [position, li] of shown) {
          const height = li.getBoundingClientRect().height, p = result.found[position];
          sum += height;
          if (Math.abs(heights[p] - height) > 0.5) {
            heights[p] = height;
            changed = true;
          }
        }
        if (!guess && shown.size) guess = sum / shown.size;
        if (changed) tops = null;
        return changed;
      };

      const update = () => {
        if (!result) return;
        const page = document.scrollingElement, end = scrollY > 0 && scrollY + innerHeight >= page.scrollHeight - 2;
        const anchor = [...shown.values()].find(li => li.getBoundingClientRect().bottom > 0), before = anchor && anchor.getBoundingClientRect().top;
        for (let n = 0; n < 4 && round(); n++);
        if (end) scrollTo(scrollX, page.scrollHeight);
        // Safari does not keep what is seen in its place by itself.
        else if (anchor && anchor.isConnected && !CSS.supports("overflow-anchor: auto")) scrollBy(0, anchor.getBoundingClientRect().top - before);
      };

      return {
        update,
        begin: () => {
          list.textContent = "";
          shown = new Map();
          tops = null;
          wish = undefined;
          update();
        },
        /* All of them but very many, or those near the screen again. */
        print: wanted => {
          printing = wanted;
          cut.hidden = !wanted || result.found.length <= PRINTED;
          cut.textContent = fill(say.cut, { n: PRINTED, all: result.found.length });
          update();
        },
        resize: () => {
          if (list.clientWidth !== width) {
            width = list.clientWidth;
            heights.fill(0);
            guess = 0;
            tops = null;
          }
          update();
        },
        /* Where the reader is: the first paper on the screen, and how far it is scrolled. */
        where: () => {
          const [position, li] = [...shown].find(([, li]) => li.getBoundingClientRect().bottom > 0) || [0, list];
          return [position, li.getBoundingClientRect().top];
        },
        goTo: ([position, top]) => {
          place();
          scrollTo(scrollX, scrollY + list.getBoundingClientRect().top + tops[Math.min(position, result.found.length)] - top);
          update();
          const li = shown.get(position);
          if (li) scrollBy(0, li.getBoundingClientRect().top - top);
        },
      };
    })();

    const remember = () => {
      try { sessionStorage.setItem(STORE, JSON.stringify([location.href, scrollY > 0 && results.where()])); } catch (error) { /* not allowed */ }
    };
    const remembered = () => {
      try {
        const [href, where] = JSON.parse(sessionStorage.getItem(STORE));
        return href === location.href && where;
      } catch (error) { return null; }
    };

    // Events

    one(".pd-skip").addEventListener("click", event => {
      event.preventDefault();
      event.stopPropagation();  // instant navigation would go there
      live.focus();
    });
    form.addEventListener("input", event => {
      const { name, value } = event.target;
      if (name === "q") change({ q: value.trim() }, true);
      else if (name) change({ [name]: value });
      else if (event.target === finder) showFacets();
    });
    list.addEventListener("focusin", results.update);
    root.addEventListener("click", event => { if (event.target.closest("a")) remember(); }, true);
    addEventListener("pagehide", remember, { signal });
    addEventListener("popstate", () => {
      if (location.pathname !== path || !root.isConnected) return;
      state = stateOf(location.search);
      typed = 0;
      show();
    }, { signal });
    document.addEventListener("scroll", results.update, { signal, passive: true, capture: true });
    // Heights become known on the way to an end of the page, which the browser does not follow.
    const wished = ({ type, key }) => {
      wish = type === "keydown" && !document.activeElement.matches("input, select, textarea") ? { Home: 0, End: 1e9 }[key] : undefined;
    };
    for (const name of ["keydown", "wheel", "pointerdown"]) addEventListener(name, wished, { signal, passive: true });
    document.addEventListener("scrollend", () => {
      if (wish !== undefined) scrollTo({ top: wish, behavior: "instant" });
      wish = undefined;
    }, { signal });
    let before;
    addEventListener("beforeprint", () => {
      before = results.where();
      results.print(true);
    }, { signal });
    addEventListener("afterprint", () => {
      results.print(false);
      if (before) results.goTo(before);
    }, { signal });
    const watcher = new ResizeObserver(() => requestAnimationFrame(() => { if (root.isConnected) results.resize(); }));
    signal.addEventListener("abort", () => watcher.disconnect());

    state = stateOf(location.search);
    for (const hidden of root.querySelectorAll(".pd-scripted")) hidden.hidden = false;
    one("details").open = matchMedia("(min-width: 45em)").matches;
    show();
    const where = returning && remembered();
    if (where) results.goTo(where);
    watcher.observe(root);
    // What the first search and the first order by title need, before they are asked for.
    setTimeout(() => {
      if (!data.count) return;
      data.text(0);
      data.rank(0);
    }, 200);
  };

  self.paperdigestExplorer = mount;
  if (self.document$ && self.document$.subscribe) self.document$.subscribe(mount);
  mount();
})();
