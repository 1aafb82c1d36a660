// The cost of a page to its reader, counted in the browser: budgets.py calls these.
(() => {
    const WORD = /\S*[\p{L}\p{N}]\S*/gu;
    const THOUSANDS = /(?<=\d)[\u00a0\u202f](?=\d{3})/g;  // "15 338" is a word
    const wordsOf = text => [...text.replace(THOUSANDS, '_').matchAll(WORD)];
    const round = value => Math.round(value * 10) / 10;

    // Rendered and not folded away; a box of a pixel is for screen readers alone.
    const CLIPPED = [...document.querySelectorAll('body *')].filter(element => {
        const style = getComputedStyle(element);
        return style.clipPath === 'inset(50%)' || (style.overflow === 'hidden' && element.clientWidth === 1);
    });
    const isShown = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true})
        && !CLIPPED.some(clipped => clipped.contains(element));
    const boxOf = (node, from = 0, to = node.length) => {
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, to);
        return range.getBoundingClientRect();
    };
    const shownTexts = () => {
        const seen = new Map(), texts = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node; (node = walker.nextNode());) {
            const parent = node.parentElement;
            if (!node.data.trim() || (parent.localName === 'details' && !parent.open)) continue;
            if (!seen.has(parent)) seen.set(parent, isShown(parent));
            const box = seen.get(parent) && boxOf(node);
            if (box && box.width > 0 && box.right > 0 && box.bottom + scrollY > 0) texts.push(node);
        }
        return texts;
    };
    const blockOf = node => {
        let element = node.parentElement;
        while (getComputedStyle(element).display.startsWith('inline') && element.parentElement) element = element.parentElement;
        return element;
    };
    // The words of the texts for which a box counts; a word in two nodes of a block, as CO and its index, is one.
    const count = (texts, counts = () => true) => {
        let words = 0, before = null;
        for (const node of texts) {
            const follows = before && /\S$/.test(before.data) && /^\S/.test(node.data)
                && before.nextSibling !== null && blockOf(before) === blockOf(node) && isNext(before, node);
            for (const [index, found] of wordsOf(node.data).entries()) {
                if (index === 0 && found.index === 0 && follows) continue;
                if (counts(node, found.index, found.index + found[0].length)) words += 1;
            }
            before = node;
        }
        return words + placeholders(counts);
    };
    const isNext = (before, node) => {
        const one = boxOf(before, before.length - 1), other = boxOf(node, 0, 1);
        return Math.abs(other.left - one.right) < 2 && other.top < one.bottom && one.top < other.bottom;
    };
    // The placeholder of an empty field is read too.
    const placeholders = counts => [...document.querySelectorAll('input[placeholder]')].filter(isShown)
        .filter(field => !field.value && counts(field)).reduce((sum, field) => sum + wordsOf(field.placeholder).length, 0);
    const isOnFirstScreen = (node, from, to) => {
        const box = node.nodeType === Node.TEXT_NODE ? boxOf(node, from, to) : node.getBoundingClientRect();
        const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2 + scrollY;
        return box.width > 0 && x >= 0 && x <= innerWidth && y >= 0 && y <= innerHeight;
    };

    const charts = () => [...document.querySelectorAll('svg.chart[role=img]')].filter(isShown);
    const shareOnFirstScreen = svg => {
        const box = svg.getBoundingClientRect();
        const width = Math.min(box.right, innerWidth) - Math.max(box.left, 0);
        const height = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
        return Math.max(width, 0) * Math.max(height, 0) / (box.width * box.height);
    };
    const FOCUSABLE = 'a[href], area[href], button, input, select, textarea, summary, [tabindex]';
    const stops = () => [...document.querySelectorAll(FOCUSABLE)]
        .filter(element => element.tabIndex >= 0 && !element.disabled && element.type !== 'hidden' && isShown(element));

    const STOP = /(?<=[\p{Ll}\p{N})»%]{2}\u00a0?[.!?…])\s+(?=[\p{Lu}\p{N}«“])/u;
    const PROSE = 'p, li, dd, figcaption';
    const sentences = () => [...document.querySelectorAll(PROSE)]
        .filter(element => !element.querySelector(PROSE + ', table, details, select') && isShown(element))
        .filter(element => !element.closest('.quoted'))  // the words of a file, not ours
        .flatMap(element => element.innerText.split(STOP).map(text => text.trim()));

    // The texts of a chart, each with its box; texts of its title have none.
    const textsOf = svg => {
        const walker = document.createTreeWalker(svg, NodeFilter.SHOW_TEXT), texts = [];
        for (let node; (node = walker.nextNode());) {
            const box = node.data.trim() && isShown(node.parentElement) && boxOf(node);
            if (box && box.width > 0) texts.push({node, box, said: node.data.trim()});
        }
        return texts;
    };
    // The size of a text in a drawing, as the drawing is scaled.
    const sizeOf = node => {
        const element = node.parentElement, size = parseFloat(getComputedStyle(element).fontSize);
        const matrix = element.getScreenCTM?.();
        return matrix ? size * Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c)) : size;
    };
    const TOLERANCE = 1;  // pixel
    const isOutside = (box, frame) => box.left < frame.left - TOLERANCE || box.right > frame.right + TOLERANCE
        || box.top < frame.top - TOLERANCE || box.bottom > frame.bottom + TOLERANCE;
    const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > TOLERANCE
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > TOLERANCE;
    // A text drawn twice on one place is a halo and its text.
    const isHaloOf = (one, other) => one.said === other.said
        && Math.abs(one.box.left - other.box.left) < TOLERANCE && Math.abs(one.box.top - other.box.top) < TOLERANCE;
    const unreadable = svg => {
        const frame = svg.getBoundingClientRect(), texts = textsOf(svg);
        const outside = texts.filter(text => isOutside(text.box, frame)).map(text => `clipped: ${text.said}`);
        const over = texts.flatMap((one, index) => texts.slice(index + 1)
            .filter(other => meet(one.box, other.box) && !isHaloOf(one, other))
            .map(other => `${one.said} / ${other.said}`));
        return [...outside, ...over];
    };

    return {
        folded: () => ({
            firstWords: count(shownTexts(), isOnFirstScreen),
            firstCharts: charts().filter(svg => shareOnFirstScreen(svg) >= .5).length,
            words: count(shownTexts()),
            stops: stops().length,
            screens: round(document.documentElement.scrollHeight / innerHeight),
            wide: Math.max(document.documentElement.scrollWidth - innerWidth, 0),
        }),
        open: () => {
            document.querySelectorAll('details').forEach(details => { details.open = true; });
            const said = sentences().map(text => [wordsOf(text).length, text]);
            const whole = said.filter(([words, text]) => words && /[.!?…]\s*»?$/.test(text)).map(([words]) => words);
            const longest = said.reduce((one, other) => other[0] > one[0] ? other : one, [0, '']);
            const texts = charts().flatMap(textsOf);
            return {
                words: count(shownTexts().filter(node => !node.parentElement.closest('table')?.closest('.behind'))),
                mean: whole.length ? round(whole.reduce((sum, words) => sum + words, 0) / whole.length) : 0,
                longest: longest[0],
                longestText: longest[1],
                smallest: texts.length ? round(Math.min(...texts.map(({node}) => sizeOf(node)))) : null,
                charts: charts().length,
                unreadable: charts().flatMap(unreadable),
            };
        },
        printed: () => ({
            words: count(shownTexts()),
            charts: charts().length,
            points: round(Math.min(...shownTexts().map(sizeOf)) * .75),
        }),
    };
})()
