(function () {
  "use strict";
  const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "color", "font", "text-anchor", "paint-order"];
  const SYMBOLS = ".fill{fill:currentColor;stroke:none}.stroke{fill:none;stroke:currentColor;stroke-width:1.6}.paper{fill:#fff}";
  const place = document.title.replace(/ – Leviers$/, ""), source = `Leviers, édition du ${document.body.dataset.edition}`;

  // A territory of a map opens its page; a list has the same links for the keyboard.
  document.addEventListener("click", (event) => {
    const area = event.target.closest(".map [data-t]"), button = event.target.closest("[data-share]");
    if (area) {
      location.href = `${document.querySelector("form.search").dataset.root}territoires/${area.dataset.t.replace(":", "-")}.html`;
    } else if (button) {
      share(button, button.closest(".figure, .card, .lines > details"));
    }
  });

  // The sentence, the address or the picture of a chart or a lever.
  function share(button, part) {
    const chart = part.querySelector("svg.chart"), cite = part.querySelector(".cite");
    const address = `${location.href.split("#")[0]}#${part.id}`, kind = button.dataset.share;
    if (kind === "image") { return save(chart, chart.getAttribute("aria-label").split(/\s:/)[0]); }
    const said = cite ? cite.textContent.trim().replace(/\s+/g, " ") : `« ${place}. ${chart.getAttribute("aria-label")} ${source}. »`;
    const field = document.createElement("textarea");
    field.value = kind === "link" ? address : `${said} ${address}`;
    document.body.append(field);
    field.select();
    document.execCommand("copy");  // the clipboard of the browser is closed to pages of a folder
    field.remove();
    button.focus();
    button.textContent = "Copié";
  }
  function save(chart, title) {
    const copy = chart.cloneNode(true), copies = [copy, ...copy.querySelectorAll("*")], box = chart.getBoundingClientRect();
    [chart, ...chart.querySelectorAll("*")].forEach((one, i) => {
      const style = getComputedStyle(one);
      STYLES.forEach((name) => copies[i].style.setProperty(name, style.getPropertyValue(name)));
    });
    copy.prepend(document.querySelector("svg.defs defs").cloneNode(true), document.createElementNS(copy.namespaceURI, "style"));
    copy.children[1].textContent = SYMBOLS;
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    const image = new Image(), canvas = document.createElement("canvas"), pen = canvas.getContext("2d"), link = document.createElement("a");
    image.onload = () => {
      [canvas.width, canvas.height] = [2 * box.width + 64, 2 * box.height + 160];
      pen.fillStyle = getComputedStyle(document.body).backgroundColor;
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.fillStyle = getComputedStyle(document.body).color;
      pen.font = "bold 32px sans-serif";
      pen.fillText(`${place} : ${title}`, 32, 52, 2 * box.width);
      pen.font = "24px sans-serif";
      pen.fillText(source, 32, canvas.height - 28, 2 * box.width);
      pen.drawImage(image, 32, 84, 2 * box.width, 2 * box.height);
      [link.download, link.href] = [`${place} ${title}.png`, canvas.toDataURL()];
      link.click();
    };
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  }
  document.querySelectorAll("[data-share]").forEach((button) => { button.hidden = false; });

  // The commune that was searched: said at the top, first in its table.
  const row = document.getElementById(`commune-${new URLSearchParams(location.search).get("commune")}`);
  if (row) {
    const found = document.querySelector(".found"), people = row.cells[1].textContent;
    found.textContent = `${row.cells[0].textContent}${people && `, ${people} habitants`}, en fait partie.`;
    found.hidden = false;
    row.parentNode.prepend(row);
  }

  // An action in tonnes, as vues.tonnes_d_une_action computes it: two significant digits, like the pages.
  const rough = (value) => value.toLocaleString("fr-FR", { maximumSignificantDigits: 2 });
  function converted(written, action) {
    const { tonnes, part, stock, unit } = action.dataset, quantity = Number(written.replace(/\s/g, "").replace(",", "."));
    if (/^\d{1,3}[.,]\d{3}$/.test(written.trim())) { return `${written} : mille ou un ? Écrire ${written.replace(/[.,]/, "")}.`; }
    if (!written.trim() || !(quantity >= 0 && quantity < Infinity)) { return "Attendu : une quantité positive."; }
    if (quantity > Number(stock ?? Infinity)) { return `Plus que le niveau de 2019 ici : ${rough(Number(stock))} ${unit}.`; }
    const avoided = quantity * tonnes, rest = Math.max(0, part - avoided);
    return `${rough(avoided)} t de CO₂ par an en 2030 : ${rough(100 * avoided / part)} % de la part calculée ici. `
      + (rest ? `Reste : ${rough(rest)} t, soit ${rough(rest / tonnes)} ${unit}.` : "Rien ne reste de la part.");
  }
  document.querySelectorAll("form.action").forEach((form) => {
    const { quantite, action } = form.elements;
    const say = () => { form.querySelector("output").textContent = converted(quantite.value, action.selectedOptions[0]); };
    form.addEventListener("input", say);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    say();
  });

  // The menu closes on Escape, and gives the focus back.
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (menu && event.key === "Escape") {
      menu.open = false;
      menu.firstElementChild.focus();
    }
  });
  // A link to what is folded opens it; what a reader opens is in the address, and Back restores what was.
  function unfold() {
    const part = document.getElementById(location.hash.slice(1));
    if (!part) { return; }
    if (part.matches("article")) { part.querySelector("details").open = true; }
    for (let up = part; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") { up.open = true; }
    }
    part.scrollIntoView();
  }
  document.addEventListener("toggle", (event) => {
    const part = event.target.closest("[id]:not(main)");
    const target = document.getElementById(location.hash.slice(1));  // what holds it is opened on the way to it
    if (event.target.open && part && !part.contains(target)) {
      history.pushState(null, "", `#${part.id}`);
    }
  }, true);
  window.addEventListener("popstate", () => {
    document.querySelectorAll("main details[open]").forEach((part) => { part.open = false; });
    unfold();
  });
  unfold();
})();
