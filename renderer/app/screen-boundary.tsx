import { Component, type ReactNode } from 'react';
import { Button, Callout } from '../components/controls.tsx';
import { errorText } from '../store/error-text.ts';

interface ScreenBoundaryProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A screen that fails, or whose code cannot be fetched, leaves the others usable. Its `key` is the screen. */
export class ScreenBoundary extends Component<ScreenBoundaryProps, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { title, children } = this.props;
    const { error } = this.state;
    if (error === undefined) return children;
    return (
      <div className="page">
        <h1>{title}</h1>
        <Callout
          tone="bad"
          title="This screen failed"
          alert
          actions={
            <>
              <Button small icon="retry" onClick={() => this.setState({ error: undefined })}>
                Try again
              </Button>
              <Button small onClick={() => window.location.reload()}>
                Reload all
              </Button>
            </>
          }
        >
          {errorText(error)} Nothing that the node has found is lost.
        </Callout>
      </div>
    );
  }
}
