from openai import OpenAI

# The client reads OPENAI_BASE_URL (http://127.0.0.1:4010/v1) and OPENAI_API_KEY.
client = OpenAI(default_headers={"x-user-id": "ada", "x-tags": "holiday,example"})
thread = "python-openai-sdk"

# Headers common to all calls belong to the client, the others to each call.
completion = client.chat.completions.create(
    model="gpt-4o-mini",
    messages=[{"role": "user", "content": "Where shall I go?"}],
    extra_headers={"x-thread-id": thread},
)
print(completion.choices[0].message.content)
