import type { ErrorCode } from '../errors.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import type { Revocation } from './revocation.ts'
import type { Viewer } from './viewer.ts'

type End = (code: ErrorCode) => void

/** What is open for viewers, and ends when they lose the right to it: ten thousand sockets and their feeds, so each takes little. */
export interface Watchers {
  /** `end` is called once at most, and not any more once the answer was called. */
  add(viewer: Viewer, resourceId: string | null, end: End): Unsubscribe
  /** Ends what a revocation takes away. */
  revoke(what: Revocation): void
  endAll(code: ErrorCode): void
}

interface Watcher {
  readonly watched: Watched
  readonly resourceId: string | null
  readonly end: End
}

/** A socket shares its viewer with all its feeds. */
interface Watched {
  readonly viewer: Viewer
  /** Copied when it changes: what grows in place takes room for many more. */
  watchers: readonly Watcher[]
}

/** `tell` calls what may fail. */
export function createWatchers(tell: (end: End, code: ErrorCode) => void): Watchers {
  const watchedOf = new Map<Viewer, Watched>()
  const ofUser = createShelves<Watched>()
  const ofSession = createShelves<Watched>()
  const ofToken = createShelves<Watched>()

  function begin(viewer: Viewer): Watched {
    const watched: Watched = { viewer, watchers: [] }
    watchedOf.set(viewer, watched)
    ofUser.put(viewer.userId, watched)
    ofToken.put(viewer.tokenId, watched)
    if (viewer.sessionId !== null) ofSession.put(viewer.sessionId, watched)
    return watched
  }

  /** False: it was removed before. */
  function remove(watcher: Watcher): boolean {
    const { watched } = watcher
    const { viewer, watchers } = watched
    if (!watchers.includes(watcher)) return false
    watched.watchers = watchers.filter(other => other !== watcher)
    if (watched.watchers.length > 0) return true
    watchedOf.delete(viewer)
    ofUser.take(viewer.userId, watched)
    ofToken.take(viewer.tokenId, watched)
    if (viewer.sessionId !== null) ofSession.take(viewer.sessionId, watched)
    return true
  }

  /** Bound to a watcher: that takes half of what a function does that closes over one. */
  function stop(this: Watcher): void {
    remove(this)
  }

  function endEach(all: Iterable<Watched>, code: ErrorCode, isMeant: (watcher: Watcher) => boolean = () => true): void {
    const meant = [...all].flatMap(({ watchers }) => watchers.filter(isMeant))
    for (const watcher of meant) if (remove(watcher)) tell(watcher.end, code)
  }

  return {
    add(viewer, resourceId, end) {
      const watched = watchedOf.get(viewer) ?? begin(viewer)
      const watcher: Watcher = { watched, resourceId, end }
      watched.watchers = watched.watchers.concat(watcher)
      return stop.bind(watcher)
    },
    revoke(what) {
      if ('sessionId' in what) endEach(ofSession.on(what.sessionId), 'TOKEN_REVOKED')
      else if ('tokenId' in what) endEach(ofToken.on(what.tokenId), 'TOKEN_REVOKED')
      else if (!('userId' in what)) return
      else if (what.resourceId === undefined) endEach(ofUser.on(what.userId), 'TOKEN_REVOKED')
      else endEach(ofUser.on(what.userId), 'FORBIDDEN', ({ resourceId }) => resourceId === what.resourceId)
    },
    endAll: code => endEach(watchedOf.values(), code),
  }
}

/** Values by key. Nearly every key has one only, and that takes no set. */
function createShelves<Value extends object>() {
  const shelves = new Map<string, Value | Set<Value>>()
  return {
    on(key: string): Iterable<Value> {
      const held = shelves.get(key)
      return held === undefined ? [] : held instanceof Set ? held : [held]
    },
    put(key: string, value: Value): void {
      const held = shelves.get(key)
      if (held === undefined) shelves.set(key, value)
      else if (held instanceof Set) held.add(value)
      else shelves.set(key, new Set([held, value]))
    },
    take(key: string, value: Value): void {
      const held = shelves.get(key)
      if (held === value) shelves.delete(key)
      else if (held instanceof Set && held.delete(value) && held.size === 0) shelves.delete(key)
    },
  }
}
