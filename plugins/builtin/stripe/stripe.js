// Shows Stripe's Payment Element and turns what is typed there into a token; card data stays in Stripe's frames.
export async function mount({ box, form, data, locale, colour }) {
  const stripe = start(data);
  let elements = null;
  const show = (now) => {
    const { amount, currency, captureMethod } = now;
    if (elements) return elements.update({ amount });
    elements = stripe.elements({
      mode: "payment", amount, currency, captureMethod, locale,
      appearance: { variables: { colorPrimary: colour, borderRadius: "8px" } },
    });
    elements.create("payment", { layout: "accordion" }).mount(box);
  };
  show(data);
  return {
    update: show,
    // Returns the token for the form; throws an Error whose message is for the buyer.
    async token() {
      // Stripe compares this with what our server says about the payment.
      elements.update({ setupFutureUsage: form.elements.save_stripe?.checked ? "off_session" : null });
      fail(await elements.submit());
      const name = form.elements.name?.value;
      const email = form.elements.email?.value;
      const params = { payment_method_data: { billing_details: { name, email } }, return_url: location.href };
      const made = await stripe.createConfirmationToken({ elements, params });
      fail(made);
      return made.confirmationToken.id;
    },
  };
}

// Shows the buttons of the wallets that this browser has: Apple Pay, Google Pay, Link and others.
export async function express({ box, part, locale, colour, ships, quote, pay, tell, shown }) {
  const data = part();
  const stripe = start(data);
  const { amount, currency, captureMethod } = data;
  const elements = stripe.elements({
    mode: "payment", amount, currency, captureMethod, locale,
    appearance: { variables: { colorPrimary: colour, borderRadius: "8px" } },
  });
  const element = elements.create("expressCheckout", { emailRequired: true, shippingAddressRequired: ships() });
  let last = null;
  const ask = async (address, code) => {
    last = { address, told: await quote(address, code) };
    elements.update({ amount: last.told.due });
    return last.told.rates.map(({ code: id, title: displayName, amount }) => ({ id, displayName, amount }));
  };
  element.on("ready", ({ availablePaymentMethods }) => availablePaymentMethods && shown());
  element.on("click", ({ resolve }) => {
    elements.update({ amount: part().amount });
    // Which rates there are is asked once the wallet has told a place.
    const waiting = { id: "pending", displayName: "…", amount: 0 };
    last = null;
    resolve({ emailRequired: true, shippingAddressRequired: ships(), ...(ships() ? { shippingRates: [waiting] } : {}) });
  });
  element.on("shippingaddresschange", async ({ address, resolve, reject }) => {
    const shippingRates = await ask(placeOf(address)).catch(() => []);
    shippingRates.length ? resolve({ shippingRates }) : reject();
  });
  element.on("shippingratechange", async ({ shippingRate, resolve, reject }) => {
    await ask(last.address, shippingRate.id).then(() => resolve({}), reject);
  });
  element.on("confirm", async ({ billingDetails, shippingAddress, shippingRate, paymentFailed }) => {
    try {
      const address = placeOf((shippingAddress ?? billingDetails).address ?? {});
      address.name = (shippingAddress ?? billingDetails).name ?? "";
      const told = await quote(address, shippingRate?.id);
      if (told.due !== (last?.told.due ?? part().amount)) throw new Error();
      fail(await elements.submit());
      const made = await stripe.createConfirmationToken({ elements, params: { return_url: location.href } });
      fail(made);
      pay({
        ...address, email: billingDetails.email, phone: billingDetails.phone, shipping_code: told.code,
        shown_total: told.total, payment_provider: "stripe", provider_token: made.confirmationToken.id,
      });
    } catch (error) {
      paymentFailed?.({ reason: "fail" });
      tell(error.message);
    }
  });
  element.mount(box);
}

function placeOf({ line1, line2, city, state, postal_code: code, country }) {
  return { line1: line1 ?? "", line2: line2 ?? "", city: city ?? "", state: state ?? "", postal_code: code ?? "", country };
}

// Does the extra step, such as 3-D Secure; how it ended is asked by our server.
export async function step({ data }) {
  await start(data).handleNextAction({ clientSecret: data.clientSecret });
}

function start({ publishableKey, account }) {
  return window.Stripe(publishableKey, account ? { stripeAccount: account } : undefined);
}

function fail({ error }) {
  if (error) throw new Error(error.message);
}
