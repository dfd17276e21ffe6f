/// <reference lib="dom" />
// Cookies know no ports: a server of another program on this machine is sent ours as well. What is kept here only a page of
// this very address can read, so without it a cookie opens nothing.
const KEPT = 'page-key'

/** Takes the key that the address brings out of it, and keeps it. Gives whether there is one. */
export function takePageKey(): boolean {
  const [, brought] = /^#key=([\w-]+)$/.exec(location.hash) ?? []
  if (brought !== undefined) {
    localStorage.setItem(KEPT, brought)
    history.replaceState(null, '', location.pathname)
  }
  return pageKey() !== ''
}

export function pageKey(): string {
  return localStorage.getItem(KEPT) ?? ''
}

/** For what a browser asks for by itself, and sends no header with: streams, pictures, files. */
export function withPageKey(address: string): string {
  return `${address}?key=${encodeURIComponent(pageKey())}`
}
