/** @returns a field's value without the scheme `Bearer`, which is case-insensitive (RFC 9110 §11.1); as it is without one */
export const withoutBearer = (value: string): string => value.replace(/^bearer +/i, '')
