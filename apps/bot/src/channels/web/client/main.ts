/// <reference lib="dom" />
import { h, render } from 'preact'

import { App } from './app.ts'
import { takePageKey } from './wire/page-key.ts'

const gate = h('p', { class: 'gate' }, 'To come in, open the address that the terminal shows.')
render(takePageKey() ? h(App, {}) : gate, document.querySelector('#app')!)
