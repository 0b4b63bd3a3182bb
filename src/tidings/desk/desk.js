// What makes the desk quicker with a keyboard and a pointer. Every page works without it; it asks nothing of the network.
"use strict";
(() => {
  const all = (wanted, within = document) => Array.from(within.querySelectorAll(wanted));
  const rooms = { t: "/today", s: "/stories", a: "/actors", n: "/network", m: "/map", c: "/calendar", o: "/outlook", h: "/sources", r: "/review", "+": "/add" };
  const keys = [["?", "this list"], ["/", "search"], ["j k", "next, previous line"], ["Enter", "open the marked line"],
    ["g then t s a n m c o h r +", "today, stories, actors, network, map, calendar, outlook, sources, review, add"],
    ["[ ]", "previous, next page"], ["y x e u", "accept, reject, correct, undo the marked fact"], ["Esc", "close, or leave a field"]];

  // Text and fact light up together, whichever has the pointer or the focus.
  let lit = [];
  const light = (facts) => {
    lit.forEach((part) => part.classList.remove("lit"));
    lit = facts.flatMap((fact) => [document.getElementById(fact), ...all(`[data-facts~="${CSS.escape(fact)}"]`)]).filter(Boolean);
    lit.forEach((part) => part.classList.add("lit"));
  };
  const factsOf = (target) => {
    const mark = target.closest("[data-facts]");
    if (mark) return mark.dataset.facts.split(" ");
    const line = target.closest("[data-line]");
    return line && line.id ? [line.id] : [];
  };
  if (document.querySelector("[data-facts]")) {
    for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, (event) => light(factsOf(event.target)));
  }

  // A list is narrowed while one types; what the form asks the server for stays the same.
  all("[data-filter]").forEach((field) => {
    const list = document.querySelector(field.dataset.filter);
    if (!list) return;
    field.addEventListener("input", () => {
      const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      all("tbody tr", list).forEach((row) => {
        const text = row.textContent.toLocaleLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      });
    });
  });

  // Lines that j and k walk along: facts on an article, else the rows of the page.
  const lines = () => {
    const facts = all("[data-line]");
    const found = facts.length ? facts : all("main .heads > li, main .plain > li, main .counts > li, main tbody tr");
    return found.filter((line) => line.offsetParent !== null);
  };
  let at = null;
  const mark = (line) => {
    if (at) at.classList.remove("at-line");
    at = line;
    if (!line) return;
    line.classList.add("at-line");
    line.tabIndex = -1;
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
    const words = line.id && document.querySelector(`[data-facts~="${CSS.escape(line.id)}"]`);
    if (words && matchMedia("(min-width: 56.01rem)").matches) words.scrollIntoView({ block: "center" });
  };
  const step = (by) => {
    const found = lines();
    if (!found.length) return;
    const here = at ? found.indexOf(at) : -1;
    mark(found[here < 0 ? (by > 0 ? 0 : found.length - 1) : Math.min(Math.max(here + by, 0), found.length - 1)]);
  };
  const judge = (decision) => {
    const line = at || (document.activeElement && document.activeElement.closest("[data-line]"));
    const button = line && line.querySelector(`button[value="${decision}"]`);
    if (button) button.click();
  };
  const correct = () => {
    const line = at || (document.activeElement && document.activeElement.closest("[data-line]"));
    const link = line && line.querySelector("a.fix");
    if (link) link.click();
  };

  // The list of keys.
  const help = document.createElement("dialog");
  help.className = "keys";
  help.setAttribute("aria-label", "Keys");
  const table = document.createElement("dl");
  for (const [key, does] of keys) {
    const term = document.createElement("dt");
    term.textContent = key;
    const words = document.createElement("dd");
    words.textContent = does;
    table.append(term, words);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => help.close());
  help.append(table, close);
  document.body.append(help);

  let going = false;
  const follow = (wanted) => {
    const link = document.querySelector(wanted);
    if (link) link.click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target.closest("input, textarea, select");
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    if (help.open) return;
    if (going) {
      going = false;
      if (rooms[event.key]) location.assign(rooms[event.key]);
      return;
    }
    const does = {
      "?": () => help.showModal(),
      "/": () => (document.getElementById("q") || document.getElementById("find")).focus(),
      j: () => step(1),
      k: () => step(-1),
      g: () => { going = true; },
      "[": () => follow('a[rel="prev"]'),
      "]": () => follow('a[rel="next"]'),
      y: () => judge("accept"),
      x: () => judge("reject"),
      u: () => judge("undo"),
      e: () => correct(),
      Escape: () => { mark(null); light([]); },
    }[event.key];
    if (does) {
      event.preventDefault();
      does();
    } else if (event.key === "Enter" && at && event.target === at) {
      const link = at.querySelector("a[href]");
      if (link) link.click();
    }
  });
})();
