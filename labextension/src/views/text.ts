/** Numbers, times and untrusted text as people read them; the same words as `view/words.py` has. */

const HARMFUL =
  // eslint-disable-next-line no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `text` with each control character, direction mark or lone surrogate written out, so that none reorders a line. */
export function clean(text: unknown): string {
  return String(text ?? '').replace(HARMFUL, found => {
    const code = found.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** On one line, cleaned, at most `limit` characters. */
export function line(text: unknown, limit = 200): string {
  const whole = clean(String(text ?? '').split(/\s+/).join(' ').trim());
  return whole.length <= limit ? whole : `${whole.slice(0, limit - 1)}…`;
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `0.4 ms`, `0.02 s`, `3.2 s`, `2 min 5 s`; empty where there is none. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '';
  if (seconds < 0.00005) return '0 s';
  if (seconds < 0.00995) return `${(seconds * 1000).toFixed(1)} ms`;
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return twoUnits(Math.round(seconds));
}

/** The same of what there is to wait for, or was: nothing for no time at all. */
export function awaited(seconds: number | null | undefined): string {
  return duration(seconds).replace(/^0 s$/, '');
}

function twoUnits(seconds: number): string {
  const units: [number, number, string, string][] = [
    [86400, 3600, 'd', 'h'],
    [3600, 60, 'h', 'min'],
    [60, 1, 'min', 's']
  ];
  for (const [large, small, name, rest] of units) {
    const inSmall = Math.round(seconds / small);
    const count = Math.floor(inSmall / (large / small));
    const left = inSmall % (large / small);
    if (count) return left ? `${count} ${name} ${left} ${rest}` : `${count} ${name}`;
  }
  return `${seconds} s`;
}

/** As short as it can be said: `7 s`, `2:05`, `1:02 h`. */
export function clock(seconds: number): string {
  const whole = Math.max(Math.round(seconds), 0);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return whole < 3600 ? `${Math.floor(whole / 60)}:${two(whole % 60)}` : `${Math.floor(whole / 3600)}:${two((whole % 3600) / 60)} h`;
}

/** `512 B`, `1.5 kB`, `12.3 MB`; empty for none. */
export function size(bytes: number | null | undefined): string {
  if (!bytes) return '';
  if (bytes < 1000) return `${bytes} B`;
  const units: [number, string][] = [
    [1e3, 'kB'],
    [1e6, 'MB'],
    [1e9, 'GB'],
    [1e12, 'TB'],
    [1e15, 'PB']
  ];
  const [unit, name] = units.find(([one]) => bytes < 999.95 * one) ?? units[4];
  return `${(bytes / unit).toFixed(1).replace(/\.0$/, '')} ${name}`;
}
