// Finds the file of a code in a stored copy. Without this script the lists lead there as well.
(() => {
  const form = document.querySelector("form[data-copy]");
  const ending = { vi: ".html", en: ".en.html", zh: ".zh.html" }[form.dataset.tag];
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d").replace(/[^a-z0-9]+/g, " ").trim();
  const fileOf = (typed) => {
    const bare = typed.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "");
    if (/^[L1I]C[0-9A-Z]{13}$/.test(bare)) {
      const code = "LC" + bare.slice(2).replace(/O/g, "0").replace(/[IL]/g, "1");
      return `t/${code.slice(2, 4)}/index${ending}#${code}`;
    }
    if (/^\d{8,14}$/.test(bare)) return `p/${bare.padStart(14, "0")}${ending}`;
    if (/^(VN|\d\d(PUC|PHC))/.test(bare)) return `register/${bare.toLowerCase()}${ending}`;
    return `certificates/${fold(typed).replace(/ /g, "-")}${ending}`;
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.href = fileOf(form.elements.code.value);
  });
})();
