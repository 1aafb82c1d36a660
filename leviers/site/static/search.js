// The search of every page: communes, territories, levers, chantiers and pages, in an index that is read on first use.
(function () {
  "use strict";
  const AT_ONCE = 8, MORE = 24, LINKS = new Set("de du des d la le les l et en a au aux".split(" "));
  const form = document.querySelector("form.search"), input = form.querySelector("input");
  const list = form.querySelector("[role=listbox]"), said = document.createElement("span");
  let entries = null, isAsked = false, isAwaited = false, found = [], shown = AT_ONCE, active = -1;
  said.className = "unseen";
  said.setAttribute("role", "status");
  form.append(said);

  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/œ/g, "oe")
      .replace(/[^a-z0-9]+/g, " ").trim().replace(/\bst(e?)\b/g, "saint$1");
  }
  const tight = (text) => fold(text).replace(/ /g, "");
  const counted = (n, more) => `${n.toLocaleString("fr")} résultat${n > 1 ? "s" : ""}${more}`;

  // A page that is found, and the names, words and codes that lead to it; those besides are no name of it.
  function entry(href, name, kind, others, besides) {
    const folded = [name, ...others].map(fold), names = `|${folded.join("|")}|`;
    const words = ` ${folded.join(" ")} ${fold(besides)} `;
    return { href, name, kind, others, words, names, named: folded[0], whole: names.replace(/ /g, "") };
  }
  function read(index) {
    const pages = index.pages.map(([href, name, kind, ...others]) => entry(href, name, kind, others, kind));
    return pages.concat(index.communes.split("\n").filter(Boolean).map((line) => {
      const [name, code, departement, place, posts] = line.split("|"), [href, around] = index.pages[place];
      return entry(`${href}?commune=${code}`, name, `commune (${departement}), ${around}`, [code, ...posts.split(" ")], `commune ${departement}`);
    }));
  }

  const letters = (word) => /\d/.test(word) ? 0 : word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0;
  // Letters wrong, missing, doubled or swapped (Damerau-Levenshtein), up to `most`; `isOpen`: the word may go on.
  function distance(typed, word, most, isOpen) {
    if (word.length < typed.length - most || (!isOpen && word.length > typed.length + most)) { return Infinity; }
    let before, above, row = Array.from({ length: word.length + 1 }, (_, j) => j);
    for (let i = 1; i <= typed.length && Math.min(...row) <= most; i++) {
      [before, above, row] = [above, row, [i]];
      for (let j = 1; j <= word.length; j++) {
        const isSwapped = i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1];
        const wrong = above[j - 1] + (typed[i - 1] === word[j - 1] ? 0 : 1);
        row[j] = Math.min(above[j] + 1, row[j - 1] + 1, wrong, isSwapped ? before[j - 2] + 1 : Infinity);
      }
    }
    const least = isOpen ? Math.min(...row) : row[word.length];
    return Math.min(...row) <= most && least <= most ? least : Infinity;
  }
  function holds(one, word) {
    return one.words.includes(` ${word}`) || (/[sx]$/.test(word) && one.words.includes(` ${word.slice(0, -1)} `));
  }
  // Those where a letter or two of a word differ, the nearest and shortest first. Beside others that hold the words: by
  // their name alone, and one letter.
  function near(words, left, isOpen) {
    const known = words.map(() => new Map()), most = words.map((word) => Math.min(letters(word), isOpen ? 2 : 1));
    const kept = [];
    left.forEach((one) => {
      const own = (isOpen ? one.words.trim() : one.named).split(" ");
      let sum = 0;
      for (let i = 0; i < words.length && sum < Infinity; i++) {
        if (holds(one, words[i])) { continue; }
        const least = (most[i] ? own : []).map((word) => {
          if (!known[i].has(word)) { known[i].set(word, distance(words[i], word, most[i], isOpen)); }
          return known[i].get(word);
        });
        sum += Math.min(...least);
      }
      if (sum < Infinity) { kept.push([sum, one.named.split(" ").length, one]); }
    });
    return kept.sort((one, other) => one[0] - other[0] || one[1] - other[1]).map((one) => one[2]);
  }
  // The name itself, then names that start so, hold all words, have a letter wrong; else the order of the index.
  function search(text) {
    const typed = tight(text), spaced = fold(text), all = spaced.split(" "), ranks = [[], [], [], []];
    const telling = all.filter((word) => !LINKS.has(word)), words = telling.length ? telling : all;
    entries.forEach((one) => {
      const isBegun = one.whole.includes(`|${typed}`), isWhole = isBegun && one.whole.includes(`|${typed}|`);
      const isHeld = isBegun || words.every((word) => holds(one, word));
      ranks[isWhole ? 0 : one.names.includes(`|${spaced}`) ? 1 : isHeld ? 2 : 3].push(one);
    });
    const left = ranks.pop(), sure = ranks.flat();
    const both = sure.length || words.length < 2 ? [] : together(words);
    return sure.length < AT_ONCE && !both.length ? sure.concat(near(words, left, !sure.length)) : sure.concat(both);
  }
  // A place and a lever, in either order: the lever on the page of the place.
  function together(words) {
    const found = [], telling = (some, kinds) => entries
      .filter((one) => kinds(one) && some.every((word) => holds(one, word)))
      .sort((one, other) => other.names.includes(`|${some.join(" ")}|`) - one.names.includes(`|${some.join(" ")}|`)).slice(0, 3);
    for (let cut = 1; cut < words.length; cut++) {
      [[words.slice(0, cut), words.slice(cut)], [words.slice(cut), words.slice(0, cut)]].forEach(([where, what]) => {
        const places = telling(where, (one) => one.href.startsWith("territoires/")), levers = telling(what, (one) => one.kind === "levier");
        places.forEach((one) => levers.forEach((lever) => found.push({
          ...lever, name: `${lever.name}, ${one.name}`, href: `${one.href}#levier-${lever.href.slice(8, -5)}`, kind: one.kind, others: [],
        })));
      });
    }
    return found;
  }

  function option(text, note) {
    const item = document.createElement("li"), small = document.createElement("small");
    item.id = `resultat-${list.children.length}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    small.textContent = note;
    item.append(text, " ", small);
    list.append(item);
    return item;
  }
  // The kind of a hit, and the word that was typed if it is not its name: a postcode may be another commune's code.
  function note(one, typed) {
    const other = !tight(one.name).startsWith(typed) && one.others.find((text) => tight(text).startsWith(typed));
    const code = /^\d/.test(other) ? (other.length === 9 ? "Siren " : other === one.others[0] ? "code Insee " : "code postal ") : "";
    return other ? `${one.kind}, ${code}${other}` : one.kind;
  }
  function show() {
    const typed = tight(input.value), rest = found.length - shown;
    list.textContent = "";
    found.slice(0, shown).forEach((one) => option(one.name, note(one, typed)));
    if (rest > 0) { option(counted(rest, " de plus"), "").className = "more"; }
    if (!found.length) {
      const code = /^\d{5}$/.test(typed) ? "code postal ou Insee inconnu ici" : "";
      option("Aucun résultat", code).setAttribute("aria-disabled", "true");
    }
    said.textContent = found.length ? counted(found.length, "") : list.textContent;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }
  function close() {
    point(-1);
    list.hidden = true;
    said.textContent = "";
    input.setAttribute("aria-expanded", "false");
  }
  function point(to) {
    const from = list.children[active], item = list.children[to];
    active = to;
    if (from) { from.setAttribute("aria-selected", "false"); }
    if (!item) { return input.removeAttribute("aria-activedescendant"); }
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", item.id);
  }
  function choose(at) {
    if (at < Math.min(shown, found.length)) {
      location.href = form.dataset.root + found[at].href;
    } else if (found.length) {
      shown += MORE;
      show();
      point(at);
    }
  }
  function update() {
    if (!tight(input.value)) { return close(); }
    if (!entries) { return ask(); }
    point(-1);
    found = search(input.value);
    shown = AT_ONCE;
    show();
  }
  function ask() {
    if (isAsked) { return; }
    const script = document.createElement("script");
    isAsked = true;
    script.src = `${form.dataset.root}recherche.js`;
    script.onload = () => {
      entries = read(window.LEVIERS_INDEX);
      update();
      if (isAwaited) { choose(0); }
    };
    script.onerror = () => { isAsked = false; };  // the form then leads to the page with the lists
    document.head.append(script);
  }

  input.value = new URLSearchParams(location.search).get("q") || input.value;
  if (input.value) { ask(); }
  input.addEventListener("focus", ask);
  input.addEventListener("input", update);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], isOpen = !list.hidden;
    if (event.key === "Escape" && isOpen) {
      close();
    } else if (step && isOpen && found.length) {
      const count = list.children.length, next = active < 0 && step < 0 ? count - 1 : active + step;
      point((next + count) % count);
    } else if (step && !isOpen) {
      update();
    } else {
      return;
    }
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (!isAsked) { return; }
    event.preventDefault();
    isAwaited = !entries;
    if (entries) { choose(Math.max(active, 0)); }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());  // the field keeps the focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) { choose(Array.from(list.children).indexOf(item)); }
  });
  form.addEventListener("focusout", close);
})();
