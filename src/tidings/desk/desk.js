// What makes the desk quicker with a keyboard and a pointer. Every page works without it; it asks the desk and no other.
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
  for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, (event) => light(factsOf(event.target)));

  // What a point of a chart stands for is written below the chart while it has the pointer or the focus.
  for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, ({ target }) => {
    const point = target.closest("figure svg a");
    const caption = point && point.closest("figure").querySelector("figcaption");
    if (!caption) return;
    const told = caption.querySelector(".tip") || caption.insertBefore(document.createElement("strong"), caption.firstChild);
    told.className = "tip";
    told.textContent = point.getAttribute("aria-label") || (point.querySelector("title") || point).textContent;
  });

  // A list is narrowed while one types; what the form asks the server for stays the same.
  document.addEventListener("input", ({ target: field }) => {
    const list = field.dataset.filter && document.querySelector(field.dataset.filter);
    if (!list) return;
    const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    all("tbody tr", list).forEach((row) => {
      const text = row.textContent.toLocaleLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
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

  // A link or form of a page that leads to the same page, otherwise chosen, changes its content and not the whole page:
  // the place, the focus and the history stay. Whatever goes wrong is left to the browser.
  const live = document.createElement("p");
  live.className = "hidden";
  live.setAttribute("role", "status");
  document.body.append(live);
  let shown = location.pathname + location.search;
  let asking = null;
  const swap = async (address, { body, line, keep, source } = {}) => {
    if (asking) asking.abort();
    const mine = asking = new AbortController();
    document.querySelector("main").setAttribute("aria-busy", "true");
    const answer = await fetch(address, { method: body ? "POST" : "GET", body, signal: mine.signal });
    const url = new URL(answer.url);
    // What was kept is not sent again; what asks for a name, or is refused, has kept nothing.
    if (body && answer.redirected && url.pathname !== location.pathname) return location.assign(url);
    if (!answer.ok || url.pathname !== location.pathname || (body && !answer.redirected)) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asking) return;
    const place = line ? lines().indexOf(line) : -1;
    const top = keep ? scrollY : 0;
    for (const part of ["main", "footer"]) document.querySelector(part).replaceWith(page.querySelector(part));
    document.title = page.title;
    if (source !== "back" && url.pathname + url.search !== shown) history.pushState(null, "", url.pathname + url.search);
    shown = url.pathname + url.search;
    at = null;
    if (source !== "back") scrollTo(0, top);
    if (line) mark((line.id && document.getElementById(line.id)) || lines()[Math.min(place, lines().length - 1)]);
    else document.querySelector("main").focus({ preventScroll: true });
    live.textContent = ["#found", ".pages span", "h1"].map((told) => document.querySelector(told)).find(Boolean).textContent;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("main a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.pathname !== location.pathname || link.hash || link.target) return;
    event.preventDefault();
    swap(link.href, { keep: !link.rel }).catch((error) => error.name === "AbortError" || location.assign(link.href));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const data = new FormData(form, event.submitter);
    const post = form.method === "post";
    const leads = new URL(post ? data.get("back") || "/" : form.action, location).pathname;
    if (form.dataset.whole || !form.closest("main") || leads !== location.pathname) return;
    event.preventDefault();
    const asked = new URLSearchParams(data);
    const address = post ? form.action : `${location.pathname}?${asked}`;
    swap(address, { body: post ? asked : undefined, line: form.closest("[data-line]"), keep: post }).catch((error) => {
      if (error.name === "AbortError") return;
      form.dataset.whole = "1";
      form.requestSubmit(event.submitter);
    });
  });
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) swap(location.href, { source: "back" }).catch(() => location.reload());
  });

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
