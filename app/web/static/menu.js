// The page one is on stands in view in a menu that scrolls sideways; without this it is the first items.
"use strict";
for (const here of document.querySelectorAll(".menu .row1 a[aria-current]")) {
  const row = here.parentElement;
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
