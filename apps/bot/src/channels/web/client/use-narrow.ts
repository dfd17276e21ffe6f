import { useEffect, useState } from 'preact/hooks'

const QUERY = '(max-width: 47.99rem)'

/** Whether the list of conversations has no room beside the conversation; the same width stands in the styles. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => matchMedia(QUERY).matches)
  useEffect(() => {
    const query = matchMedia(QUERY)
    const listen = () => setNarrow(query.matches)
    listen()
    query.addEventListener('change', listen)
    return () => query.removeEventListener('change', listen)
  }, [])
  return isNarrow
}
