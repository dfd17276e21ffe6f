import type { RefObject } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** How near to the end counts as there: browsers round. */
const NEAR = 48

export interface Follow {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly content: RefObject<HTMLDivElement | null>
  readonly onScroll: () => void
  /** To be called when the reader unfolds something: its growth is nothing new, and must not move what they look at. */
  readonly onUnfold: () => void
  /** Whether something new stands below what the reader sees. */
  readonly hasNewBelow: boolean
  readonly toEnd: () => void
}

/**
 * Keeps the end in sight while it grows, unless the reader has scrolled up. What is put before `firstId` moves nothing.
 * A larger `sentCount` goes to the end in any case: who writes wants to see it.
 */
export function useFollow(firstId: number | undefined, sentCount: number): Follow {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const isFollowing = useRef(true)
  const lastTop = useRef(0)
  const isGrowthKnown = useRef(false)
  const before = useRef({ firstId, height: 0 })
  const [hasNewBelow, setNewBelow] = useState(false)

  const toEnd = useCallback(() => {
    const { current } = scroller
    if (current === null) return
    isFollowing.current = true
    current.scrollTop = current.scrollHeight
    setNewBelow(false)
  }, [])
  const onScroll = useCallback(() => {
    const { current } = scroller
    if (current === null) return
    const isAtEnd = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR
    // Growth alone also makes the end far, before we have gone there: only who goes up stops following.
    if (isAtEnd) isFollowing.current = true
    else if (current.scrollTop < lastTop.current) isFollowing.current = false
    lastTop.current = current.scrollTop
    if (isAtEnd) setNewBelow(false)
  }, [])
  const onUnfold = useCallback(() => {
    isFollowing.current = false
    isGrowthKnown.current = true
  }, [])

  useLayoutEffect(() => {
    const { current } = scroller
    if (current === null) return
    const { firstId: firstBefore, height } = before.current
    const isEarlierAdded = firstBefore !== undefined && firstId !== undefined && firstId < firstBefore
    if (isEarlierAdded) {
      current.scrollTop += current.scrollHeight - height
      isFollowing.current = false
      isGrowthKnown.current = true
    }
    // Now, not when the browser tells of it: what shrinks and grows again would look as if the reader had gone up.
    if (isFollowing.current) current.scrollTop = current.scrollHeight
    lastTop.current = current.scrollTop
    before.current = { firstId, height: current.scrollHeight }
  })
  const sentBefore = useRef(0)
  useEffect(() => {
    if (sentCount > sentBefore.current) toEnd()
    sentBefore.current = sentCount
  }, [sentCount, toEnd])
  useEffect(() => {
    const [box, inner] = [scroller.current, content.current]
    if (box === null || inner === null) return undefined
    let height = inner.clientHeight
    const observer = new ResizeObserver(() => {
      const hasGrown = inner.clientHeight > height
      height = inner.clientHeight
      if (isFollowing.current) box.scrollTop = box.scrollHeight
      else if (hasGrown && !isGrowthKnown.current) setNewBelow(true)
      isGrowthKnown.current = false
    })
    observer.observe(inner)
    observer.observe(box)
    return () => observer.disconnect()
  }, [])
  return { scroller, content, onScroll, onUnfold, hasNewBelow, toEnd }
}
