import { Component, type ComponentChildren } from "preact";
import { Reasons } from "./reasons.tsx";

interface GuardProps {
  children: ComponentChildren;
}

interface GuardState {
  reason: string | undefined;
}

/** Shows why its content cannot be shown, in place of a page that ends. Other content is tried again. */
export class Guard extends Component<GuardProps, GuardState> {
  override state: GuardState = { reason: undefined };

  static override getDerivedStateFromError(error: unknown): GuardState {
    return { reason: error instanceof Error ? error.message : String(error) };
  }

  override componentDidUpdate({ children }: GuardProps): void {
    if (this.state.reason !== undefined && children !== this.props.children) this.setState({ reason: undefined });
  }

  override render(): ComponentChildren {
    const { reason } = this.state;
    if (reason === undefined) return this.props.children;
    return <Reasons reasons={[`The playground cannot show this message: ${reason}`]} />;
  }
}
