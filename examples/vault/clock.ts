/** A hybrid logical clock: its times follow one another on a device, and come after everything the device has heard of. */
export interface HybridClock {
  /** The next time, as text that sorts. */
  tick(): string
  /** Takes notice of a time from another device. */
  hear(time: string): void
}

const mostTicks = 0xffff

export function createClock(deviceId: string, now: () => number = Date.now): HybridClock {
  let [lastMs, ticks] = [0, 0]

  return {
    tick() {
      const ms = now()
      if (ms > lastMs) [lastMs, ticks] = [ms, 0]
      else if (ticks < mostTicks) ticks++
      else [lastMs, ticks] = [lastMs + 1, 0]
      return `${new Date(lastMs).toISOString()}/${ticks.toString(16).padStart(4, '0')}/${deviceId}`
    },
    hear(time) {
      const [date = '', count = ''] = time.split('/')
      const [ms, heard] = [Date.parse(date), Number.parseInt(count, 16)]
      if (ms > lastMs || (ms === lastMs && heard > ticks)) [lastMs, ticks] = [ms, heard]
    },
  }
}
