(function () {
  "use strict";
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/œ/g, "oe").replace(/[^a-z0-9]+/g, " ").trim();
  }
  var form = document.querySelector("form.search");
  var input = document.getElementById("recherche");
  var list = document.getElementById("resultats");
  var entries = (window.LEVIERS_INDEX || []).concat(window.LEVIERS_COMMUNES || []);
  var links = " de du des d la le les l et en ";
  function telling(text) {
    var words = text.split(" "), kept = words.filter(function (word) { return links.indexOf(" " + word + " ") < 0; });
    return kept.length ? kept : words;
  }
  function show() {
    var typed = fold(input.value), words = telling(typed), isCode = /^\d[\dab]\d{3}$/.test(typed);
    list.textContent = "";
    if (typed.length < 2) { return; }
    var starts = [], holds = [];
    for (var i = 0; i < entries.length && starts.length < 8; i++) {
      var text = " " + entries[i][1];
      if (text.indexOf(" " + typed) === 0) {
        starts.push(entries[i]);
      } else if (words.every(function (word) { return text.indexOf(" " + word) >= 0; })) {
        holds.push(entries[i]);
      }
    }
    var found = starts.concat(holds).slice(0, 8);
    found.forEach(function (entry) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = form.dataset.root + entry[2];
      // A postcode may be the INSEE code of another commune.
      link.textContent = entry[0] + (isCode && entry[1].endsWith(" " + typed) ? ", code Insee " + typed.toUpperCase() : "");
      item.appendChild(link);
      list.appendChild(item);
    });
    if (!found.length) {
      var none = document.createElement("li");
      none.textContent = "Aucun résultat" + (isCode ? "\u00a0: les codes postaux ne sont pas connus ici, les codes Insee le sont" : "");
      list.appendChild(none);
    }
  }
  input.addEventListener("input", show);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = list.querySelector("a");
    if (first) { location.href = first.href; }
  });
  document.addEventListener("click", function (event) {
    var area = event.target.closest("[data-page]");
    if (area) { location.href = form.dataset.root + area.dataset.page; }
  });
  // The maps of the home page: each lever recolours the shapes, which stay.
  var choice = document.getElementById("levier-carte"), page = document.getElementById("page-levier");
  function key(kind, text) {
    var item = document.querySelector(".choice .legend li").cloneNode(true);
    item.querySelector("rect").setAttribute("class", kind);
    item.lastChild.textContent = " " + text;
    return item;
  }
  function draw(part, view) {
    part.querySelector("h3").textContent = view.title;
    part.querySelector(".note").textContent = view.note;
    part.querySelector("figure").hidden = !view.kinds;
    if (!view.kinds) { return; }
    part.querySelector("figure > svg").setAttribute("aria-label", view.said);
    part.querySelectorAll("[data-name]").forEach(function (area, i) {
      area.setAttribute("class", view.kinds[i]);
      area.querySelector("title").textContent = area.dataset.name + "\u00a0: " + view.texts[i];
    });
    var legend = part.querySelector(".legend"), keys = view.legend.map(function (entry) { return key(entry[0], entry[1]); });
    legend.textContent = "";
    keys.forEach(function (item) { legend.appendChild(item); });
  }
  function seen(part) {
    return {
      title: part.querySelector("h3").textContent,
      note: part.querySelector(".note").textContent,
      said: part.querySelector("figure > svg").getAttribute("aria-label"),
      kinds: Array.from(part.querySelectorAll("[data-name]"), function (area) { return area.getAttribute("class"); }),
      texts: Array.from(part.querySelectorAll("[data-name] title"), function (title) { return title.textContent.split("\u00a0: ").pop(); }),
      legend: Array.from(part.querySelectorAll(".legend li"), function (item) {
        return [item.querySelector("rect").getAttribute("class"), item.textContent.trim()];
      })
    };
  }
  if (choice) {
    var maps = Array.from(document.querySelectorAll(".choice"), function (part) { return { part: part, first: seen(part) }; });
    document.getElementById("choix").hidden = false;
    choice.addEventListener("change", function () {
      var lever = window.LEVIERS_MAPS[choice.value];
      page.href = lever ? "leviers/" + choice.value + ".html" : "#leviers";
      page.textContent = lever ? lever.name : "les leviers";
      maps.forEach(function (map) {
        draw(map.part, lever ? lever.levels[map.part.dataset.level] : map.first);
      });
    });
  }
  function holds(part, words) {
    part.folded = part.folded || fold(part.textContent);
    return words.every(function (word) { return part.folded.indexOf(word) >= 0; });
  }
  // Of a table that folds away, a search shows the rows that hold the words, or all where its name and text hold them.
  function sift(part, words) {
    var rows = part.querySelectorAll("tbody tr"), found = holds(part, words);
    if (!rows.length) { return found; }
    var named = holds(part.querySelector("summary"), words), any = named;
    rows.forEach(function (row) {
      row.hidden = !named && !holds(row, words);
      any = any || !row.hidden;
    });
    part.open = any && words[0] !== "";
    return any;
  }
  document.querySelectorAll("[data-filter]").forEach(function (filter) {
    var parts = document.querySelectorAll(filter.dataset.filter), count = document.querySelector(filter.dataset.count);
    filter.addEventListener("input", function () {
      var words = fold(filter.value).split(" "), shown = 0, folded = parts[0] && parts[0].parentNode.closest("details");
      if (folded) { folded.open = true; }
      parts.forEach(function (part) {
        part.hidden = !sift(part, words);
        shown += part.hidden ? 0 : 1;
      });
      count.textContent = words[0] === "" ? "" : shown ? shown + " sur " + parts.length : "Aucun résultat";
    });
  });
})();
