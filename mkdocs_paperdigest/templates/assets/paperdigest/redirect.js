/* mkdocs-paperdigest: leads from a former address to where things stand now, and keeps what stands behind its `#`.
   It stands before the refresh of the page, which knows nothing of that, and is there for readers without scripts. */
document.addEventListener("DOMContentLoaded", () => {
  const { hash } = location;
  let moved = null;
  try {
    moved = document.getElementById(decodeURIComponent(hash.slice(1)));
  } catch { /* not percent-encoded text: no paper had it */ }
  location.replace(moved ? moved.href : document.querySelector(".paperdigest-now").href + hash);
});
