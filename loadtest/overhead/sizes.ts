/** Sizes as in the table of figures that is to be beaten: 1.2 KB answers, 295-byte frames. */
export const answerBytes = 1_200
export const frameBytes = 295

/** Frames in one stream. */
export const framesPerStream = 200
