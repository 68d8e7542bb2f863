// Of the addresses that one name stands for, any is used. gRPC takes the first that answers, and resolvers often give all
// callers the same order: all clients would go to one coordinator. pick_first's own `shuffleAddressList` (gRFC A62) does
// not help in grpc-js up to 1.14: it never moves the second of the addresses.

import { type ChannelOptions, experimental } from '@grpc/grpc-js';

const name = 'muster_any_address';

class AnyAddressConfig implements experimental.TypedLoadBalancingConfig {
  getLoadBalancerName(): string {
    return name;
  }

  toJsonObject(): object {
    return { [name]: {} };
  }

  static createFromJson(): AnyAddressConfig {
    return new AnyAddressConfig();
  }
}

/** pick_first over the addresses in an order of chance, drawn anew whenever the name is resolved. */
class AnyAddress extends experimental.ChildLoadBalancerHandler {
  override updateAddressList(
    endpoints: experimental.StatusOr<experimental.Endpoint[]>,
    _: experimental.TypedLoadBalancingConfig,
    options: ChannelOptions,
    note: string,
  ): boolean {
    const first = experimental.parseLoadBalancingConfig({ pick_first: {} });
    const inAnyOrder = endpoints.ok
      ? experimental.statusOrFromValue(shuffled(endpoints.value, Math.random))
      : endpoints;
    return super.updateAddressList(inAnyOrder, first, options, note);
  }

  override getTypeName(): string {
    return name;
  }
}

/** The same items in an order of chance; `random`: 0 ≤ n < 1. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

experimental.registerLoadBalancerType(name, AnyAddress, AnyAddressConfig);

/** Channel options under which any of the addresses of a name is used. */
export const anyAddress: ChannelOptions = {
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ [name]: {} }] }),
};
