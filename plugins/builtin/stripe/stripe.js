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
