// Where to go after signing in: only ever a page of ours. What an address means is asked of the browser
// itself, because it drops tabs and line breaks and takes `\` for `/` before it follows one.
export function ourPage(wanted: string, origin = location.origin): string {
  if (!wanted.startsWith('/')) return '/';
  let url: URL;
  try {
    url = new URL(wanted, origin);
  } catch {
    return '/';
  }
  const path = `${url.pathname}${url.search}${url.hash}`;
  const elsewhere = url.origin !== origin || /^\/[/\\]/.test(path);
  return elsewhere || url.pathname === '/sign-in' ? '/' : path;
}
