// Sets theme and language before the first paint, so that nothing flashes. It is a file of its
// own because the server's content security policy allows no inline scripts.
(() => {
  const root = document.documentElement;
  let theme = null;
  let language = null;
  try {
    theme = localStorage.getItem('plenum.theme');
    language = localStorage.getItem('plenum.language');
  } catch {
    // Storage may be forbidden; the defaults serve.
  }
  const dark =
    theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  if (language === 'en') root.lang = 'en';
})();
