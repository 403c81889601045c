/** Longer than any model is called. Names of models come from clients. */
const maxLength = 128

/** @returns a model's name as labels show it; empty where a call names none */
export const modelName = (model: string | undefined): string => (model ?? '').slice(0, maxLength)
