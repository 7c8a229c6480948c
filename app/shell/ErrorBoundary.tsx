/** Keeps a failing part from blanking the page: says what failed and offers to draw it again. */
import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';

interface Props {
  readonly part: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="empty" role="alert" data-testid="part-failed">
        <p>
          {this.props.part} could not be shown: {error.message}
        </p>
        <p className="dim">The machine and the program are not affected.</p>
        <Button onClick={() => this.setState({ error: null })}>Show it again</Button>
      </div>
    );
  }
}
