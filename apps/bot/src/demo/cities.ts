/** Cities that the scripted model knows, and their time zones. */
const ZONES: Readonly<Record<string, string>> = {
  Amsterdam: 'Europe/Amsterdam',
  Athens: 'Europe/Athens',
  Auckland: 'Pacific/Auckland',
  Bangkok: 'Asia/Bangkok',
  Beijing: 'Asia/Shanghai',
  Bergen: 'Europe/Oslo',
  Berlin: 'Europe/Berlin',
  Boston: 'America/New_York',
  Brussels: 'Europe/Brussels',
  Cairo: 'Africa/Cairo',
  Chicago: 'America/Chicago',
  Copenhagen: 'Europe/Copenhagen',
  Delhi: 'Asia/Kolkata',
  Denver: 'America/Denver',
  Dubai: 'Asia/Dubai',
  Dublin: 'Europe/Dublin',
  Helsinki: 'Europe/Helsinki',
  'Hong Kong': 'Asia/Hong_Kong',
  Istanbul: 'Europe/Istanbul',
  Johannesburg: 'Africa/Johannesburg',
  Kyiv: 'Europe/Kyiv',
  Lagos: 'Africa/Lagos',
  Lisbon: 'Europe/Lisbon',
  London: 'Europe/London',
  'Los Angeles': 'America/Los_Angeles',
  Madrid: 'Europe/Madrid',
  'Mexico City': 'America/Mexico_City',
  Mumbai: 'Asia/Kolkata',
  Nairobi: 'Africa/Nairobi',
  'New York': 'America/New_York',
  Oslo: 'Europe/Oslo',
  Paris: 'Europe/Paris',
  Prague: 'Europe/Prague',
  Reykjavik: 'Atlantic/Reykjavik',
  Rome: 'Europe/Rome',
  'San Francisco': 'America/Los_Angeles',
  'São Paulo': 'America/Sao_Paulo',
  Seattle: 'America/Los_Angeles',
  Seoul: 'Asia/Seoul',
  Singapore: 'Asia/Singapore',
  Stockholm: 'Europe/Stockholm',
  Sydney: 'Australia/Sydney',
  Tokyo: 'Asia/Tokyo',
  Toronto: 'America/Toronto',
  UTC: 'UTC',
  Vienna: 'Europe/Vienna',
  Warsaw: 'Europe/Warsaw',
  Zurich: 'Europe/Zurich',
}

/** A pattern for any of them, or for an IANA name. */
export const CITY: string = String.raw`(?:${Object.keys(ZONES).join('|')}|[A-Z][a-z]+\/[A-Z][a-z]+(?:_[A-Z][a-z]+)*)(?!\w)`

/** The zone of a city, or of an IANA name, in whatever letters; `undefined` for a place that is not known. */
export function zoneOf(place: string): string | undefined {
  const [, zone] = Object.entries(ZONES).find(([city]) => city.toLowerCase() === place.toLowerCase()) ?? []
  return zone ?? (place.includes('/') ? asWritten(place) : undefined)
}

function asWritten(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
