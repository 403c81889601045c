import os
from urllib.parse import urljoin

from langchain_openai import ChatOpenAI
from langgraph.prebuilt import create_react_agent

thread = "python-langgraph-agent"
threadtap = os.environ.get("OPENAI_BASE_URL", "http://127.0.0.1:4010/v1")
thread_url = urljoin(threadtap, f"/t/{thread}/v1")

# A prebuilt agent calls the model itself, and passes no headers on: a model for each thread, whose base URL names it.
model = ChatOpenAI(model="gpt-4o-mini", base_url=thread_url)

result = create_react_agent(model, tools=[]).invoke({"messages": [("user", "Where shall I go?")]})
print(result["messages"][-1].content)
