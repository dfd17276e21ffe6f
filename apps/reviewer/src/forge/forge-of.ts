import { ForgeError } from './errors.ts'
import type { ForgeLimits } from './forge-client.ts'
import type { Forge } from './forge.ts'
import { giteaForge } from './gitea-forge.ts'
import { githubForge } from './github-forge.ts'
import type { PullAddress } from './pull-address.ts'

/**
 * The forge that the address of a pull request is of: `/owner/repo/pull/1` is how GitHub writes it, `/owner/repo/pulls/1`
 * how Gitea and Forgejo do, which may live below a path.
 *
 * @throws ForgeError `refused` for what is no such address, `auth` for what is no token
 */
export function forgeOf(url: string, token: string | undefined, limits?: ForgeLimits): Forge {
  const { origin, hostname, username, password, pathname } = parsed(url)
  // The address is printed and logged.
  if (username !== '' || password !== '')
    throw new ForgeError('refused', 'The address holds a user or a password; give the token in EXECUTUS_REVIEW_TOKEN')
  const match = /^(\/.*?)?\/([^/]+)\/([^/]+)\/(pulls?)\/([1-9]\d{0,9})(?:\/.*)?$/.exec(pathname)
  const [, below = '', owner = '', repo = '', kind, number] = match ?? []
  const isName = (name: string) => /^[\w.-]+$/.test(name) && !/^\.+$/.test(name)
  const isGitHub = kind === 'pull' || /^(www\.)?github\.com$/.test(hostname)
  if (match === null || !isName(owner) || !isName(repo) || (isGitHub && below !== ''))
    throw noAddress(`${origin}${pathname}`)
  const address: PullAddress = { owner, repo, number: Number(number) }
  const options = { address, token, limits }
  return isGitHub
    ? githubForge({ ...options, ...githubApi(origin, hostname) })
    : giteaForge({ ...options, baseUrl: `${origin}${below}/api/v1` })
}

/** @see https://docs.github.com/en/enterprise-server/rest/quickstart and https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom */
function githubApi(origin: string, hostname: string): { readonly baseUrl: string; readonly restPath: string } {
  if (/^(www\.)?github\.com$/.test(hostname)) return { baseUrl: 'https://api.github.com', restPath: '' }
  if (/^[^.]+\.ghe\.com$/.test(hostname)) return { baseUrl: `https://api.${hostname}`, restPath: '' }
  return { baseUrl: `${origin}/api`, restPath: '/v3' }
}

function parsed(url: string): URL {
  if (!URL.canParse(url)) throw noAddress(url)
  const address = new URL(url)
  if (!/^https?:$/.test(address.protocol)) throw noAddress(url)
  return address
}

function noAddress(given: string): ForgeError {
  return new ForgeError(
    'refused',
    `Expected the address of a pull request of GitHub or Gitea, such as https://github.com/owner/repo/pull/1, got ${JSON.stringify(given)}`,
  )
}
