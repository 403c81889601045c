from langchain_core.runnables import RunnableConfig
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph

# The client inside reads OPENAI_BASE_URL (http://127.0.0.1:4010/v1) and OPENAI_API_KEY.
model = ChatOpenAI(model="gpt-4o-mini", default_headers={"x-user-id": "ada"})


def answer(state: MessagesState, config: RunnableConfig):
    headers = {"x-thread-id": config["configurable"]["thread_id"]}
    return {"messages": [model.invoke(state["messages"], config, extra_headers=headers)]}


graph = StateGraph(MessagesState)
graph.add_node(answer)
graph.add_edge(START, "answer")

result = graph.compile().invoke(
    {"messages": [("user", "Where shall I go?")]},
    {"configurable": {"thread_id": "python-langgraph"}},
)
print(result["messages"][-1].content)
