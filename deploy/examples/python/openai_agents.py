from agents import Agent, OpenAIProvider, RunConfig, Runner
from openai import AsyncOpenAI


def run_config_for(thread: str, user_id: str) -> RunConfig:
    """For one thread. The client reads OPENAI_BASE_URL (http://127.0.0.1:4010/v1) and OPENAI_API_KEY."""
    headers = {"x-thread-id": thread, "x-user-id": user_id, "x-agent-key": "travel"}
    client = AsyncOpenAI(default_headers=headers)
    # The SDK's own tracing would send the conversation to OpenAI a second time, bypassing threadtap.
    return RunConfig(model_provider=OpenAIProvider(openai_client=client), tracing_disabled=True)


agent = Agent(name="Travel", instructions="You know the world.", model="gpt-4o-mini")
run_config = run_config_for("python-openai-agents", "ada")
print(Runner.run_sync(agent, "Where shall I go?", run_config=run_config).final_output)
