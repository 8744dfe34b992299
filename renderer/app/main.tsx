import './without-eval.ts';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/shell.css';
import '../styles/controls.css';
import '../styles/views.css';
import '../styles/tables.css';
import '../styles/writing.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiClient } from '../../core/api/index.ts';
import { NodeStore } from '../store/node-store.ts';
import { App } from './app.tsx';
import { watchScheme } from './appearance.ts';
import { openTransport } from './transport/open-transport.ts';

watchScheme();
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <App store={new NodeStore(new ApiClient(openTransport()))} />
  </StrictMode>,
);
