//! What is posted and only reads: GraphQL documents, and questions that take a body.

use super::Client;
use crate::forge::error::ForgeError;
use crate::forge::graphql::Told;
use crate::forge::reading::Reply;
use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::Value;

impl Client {
    /// Posts a GraphQL document. A query reads, so it is asked again like a read.
    pub(crate) async fn query(&self, document: &str, variables: Value) -> Result<Value, ForgeError> {
        crate::forge::graphql::data(&self.ask(document, variables).await?)
    }

    /// Posts a GraphQL document that asks for each thing by its own number: what does not exist is null.
    pub(crate) async fn query_some(&self, document: &str, variables: Value) -> Result<Told, ForgeError> {
        crate::forge::graphql::data_of_some(&self.ask(document, variables).await?)
    }

    async fn ask(&self, document: &str, variables: Value) -> Result<Reply, ForgeError> {
        let body = serde_json::json!({ "query": document, "variables": variables });
        self.ask_by_post(self.api.graphql(), &body).await
    }

    /// Posts what only reads, so that it may be asked again.
    pub(crate) async fn ask_by_post(&self, url: &str, body: &Value) -> Result<Reply, ForgeError> {
        let body = body.to_string();
        let _turn = self.gate.acquire().await;
        let mut tries = 1;
        let reply = loop {
            let request =
                self.request(Method::POST, url, super::JSON).header(CONTENT_TYPE, "application/json");
            let outcome = self.send(request, body.clone(), Method::POST, url).await;
            let passing = outcome.as_ref().is_err_and(ForgeError::is_passing);
            if !passing || tries >= self.patience.tries {
                break outcome?;
            }
            tokio::time::sleep(self.pause(tries)).await;
            tries += 1;
        };
        reply.good(self.token_name())
    }
}
