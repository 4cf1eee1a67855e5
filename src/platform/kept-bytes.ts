const slabBytes = 8 * 1024

/**
 * Makes bytes of texts that are small and stay. They share slabs of their own: in the pool of `Buffer`, each would keep alive
 * a slab of what was there for a moment only.
 */
export function createKeeper(): (text: string) => Uint8Array {
  let slab = Buffer.allocUnsafeSlow(slabBytes)
  let used = 0
  return text => {
    const bytes = Buffer.byteLength(text)
    if (bytes > slabBytes) return Buffer.from(text)
    if (used + bytes > slabBytes) {
      slab = Buffer.allocUnsafeSlow(slabBytes)
      used = 0
    }
    const at = used
    used += slab.write(text, at)
    return slab.subarray(at, used)
  }
}
