/** @returns a part of a whole as SVG takes it for a position or a length: `12.34%` */
export function share(part: number, whole: number): string {
  if (!(whole > 0)) return '0%'
  const percent = Math.min(Math.max((part / whole) * 100, 0), 100)
  return `${Math.round(percent * 100) / 100}%`
}
