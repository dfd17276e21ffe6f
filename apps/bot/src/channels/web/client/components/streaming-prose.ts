import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { markdown } from '../markdown/markdown.ts'

/** How much of the time may go into reading: one part of so many. */
const SHARE = 5

/** Markdown that grows: however fast its text comes, it is read once a frame, and less often where reading takes long. */
export function StreamingProse({ text }: { readonly text: string }): JSX.Element {
  const [shown, setShown] = useState(text)
  const newest = useRef(text)
  const callOff = useRef<(() => void) | undefined>(undefined)
  const restMs = useRef(0)
  newest.current = text
  useEffect(() => {
    if (callOff.current !== undefined) return
    callOff.current = afterRest(restMs.current, () => {
      callOff.current = undefined
      setShown(newest.current)
    })
  }, [text])
  useEffect(() => () => callOff.current?.(), [])
  return useMemo(() => {
    const startedAtMs = performance.now()
    const nodes = markdown(shown)
    restMs.current = (performance.now() - startedAtMs) * (SHARE - 1)
    return nodes
  }, [shown])
}

/** Calls `then` in the next frame after a rest; gives what calls it off. */
function afterRest(restMs: number, then: () => void): () => void {
  let frame: number | undefined
  const timer = setTimeout(() => {
    frame = requestAnimationFrame(then)
  }, restMs)
  return () => {
    clearTimeout(timer)
    if (frame !== undefined) cancelAnimationFrame(frame)
  }
}
