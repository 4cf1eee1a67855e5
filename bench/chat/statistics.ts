export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Of the line of least squares through the points: how much y grows for each x. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const meanX = mean(points.map(({ x }) => x))
  const meanY = mean(points.map(({ y }) => y))
  const along = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0)
  return along / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
}
