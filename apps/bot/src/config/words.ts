// What the file and the environment say alike.

/** Who uses the web chat or the terminal is an owner anyway. */
export const OWNER = /^discord:\d{1,20}$/
export const OWNER_WORDS = 'an owner like `discord:1234`'
export const PORT_WORDS = 'an integer from 0 to 65535'
